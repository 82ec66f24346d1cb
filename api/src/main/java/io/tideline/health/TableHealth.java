package io.tideline.health;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A table, and how it grows.
 *
 * @param size what it takes
 * @param ages the times of its rows, where a column tells them at little cost
 * @param bytesPerDay how much it grew a day since the earliest inspection that is remembered; empty
 *     without one
 */
public record TableHealth(TableFacts size, Optional<RowAges> ages, OptionalLong bytesPerDay) {}
