package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.row.Row;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What archived rows were referred to by in whose place others stand now: a reference to such a row
 * would mean the other one.
 */
final class Strangers {
  private final Map<TableName, Map<List<String>, Set<Row>>> values = new HashMap<>();

  /** Listens for rows of a table that are referred to by some columns. */
  void watch(TableName table, List<String> columns) {
    values
        .computeIfAbsent(table, name -> new HashMap<>())
        .computeIfAbsent(columns, names -> new HashSet<>());
  }

  /** Notes an archived row in whose place another one stays. */
  void add(Table table, Returning rows, int i) {
    values
        .getOrDefault(table.name(), Map.of())
        .forEach(
            (columns, rowsOf) -> {
              if (rows.mapping().columns().containsAll(columns)) {
                rowsOf.add(rows.values(i, columns));
              }
            });
  }

  /** Whether a reference to a row of a table means another row now. */
  boolean hold(TableName table, List<String> columns, Row referred) {
    return values.getOrDefault(table, Map.of()).getOrDefault(columns, Set.of()).contains(referred);
  }
}
