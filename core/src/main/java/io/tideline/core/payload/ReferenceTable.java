package io.tideline.core.payload;

import io.tideline.catalogue.Table;
import java.util.List;

/**
 * A table with columns that refer to payloads.
 *
 * @param table the table
 * @param columns the columns, in the catalogue's spelling
 * @param edges the relations over which its rows lead to roots; none if every live reference holds
 */
record ReferenceTable(Table table, List<String> columns, List<Edge> edges) {
  /** Copies the lists. */
  ReferenceTable {
    columns = List.copyOf(columns);
    edges = List.copyOf(edges);
  }

  /** The columns in whose order it is read a slice at a time; none if it is read at once. */
  List<String> order() {
    return table.key().map(key -> key.columns()).orElse(List.of());
  }
}
