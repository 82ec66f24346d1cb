package io.tideline.health;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * The times of a table's rows.
 *
 * @param column the column that tells them
 * @param oldest the oldest
 * @param newest the newest
 * @param exact whether oldest and newest are those of all rows, not of some
 * @param rowsPerDay the rows for each day between them on average; empty if the rows are not known
 */
public record RowAges(
    String column, Instant oldest, Instant newest, boolean exact, OptionalLong rowsPerDay) {}
