package io.tideline.core.rule;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns in whose order a table is walked: its key, or time and key where an index leads to
 * the old rows and the key's order does not.
 */
public final class WalkOrder {
  private WalkOrder() {}

  /** The key's own order. */
  public static List<String> byKey(Table table) {
    return table.key().orElseThrow().columns();
  }

  /** Time, then key, if an index over every row begins with the time column. */
  public static Optional<List<String>> byTime(Table table, Optional<String> column) {
    return column
        .filter(name -> indexed(table, name))
        .map(
            name -> {
              List<String> order = new ArrayList<>();
              order.add(name);
              byKey(table).stream().filter(key -> !key.equals(name)).forEach(order::add);
              return order;
            });
  }

  private static boolean indexed(Table table, String column) {
    return table.indexes().stream()
        .filter(index -> !index.partial())
        .map(Index::columns)
        .anyMatch(columns -> columns.get(0).equals(column));
  }

  /**
   * Whether the key is one column of integers, so that a range of keys tells a share of the table.
   */
  public static boolean integerKey(Table table) {
    Key key = table.key().orElseThrow();
    if (key.hidden()) {
      return true;
    }
    return key.columns().size() == 1
        && table
            .column(key.columns().get(0))
            .map(Column::type)
            .map(NaturalType::family)
            .filter(f -> f == NaturalType.Family.INT64 || f == NaturalType.Family.INT32)
            .isPresent();
  }
}
