package io.tideline.dialect;

import io.tideline.catalogue.Table;
import io.tideline.row.PackedRows;

/**
 * Rows of one table that are to be deleted with rows of others.
 *
 * @param table the table
 * @param keys as wide as the table's key
 */
public record Doomed(Table table, PackedRows keys) {}
