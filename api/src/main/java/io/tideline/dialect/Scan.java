package io.tideline.dialect;

import io.tideline.catalogue.Table;
import java.util.List;

/**
 * What to read of a table, in order.
 *
 * @param table the table
 * @param items the values of each row, in order
 * @param filter the conditions that every row must meet
 * @param range where, and in which order
 */
public record Scan(Table table, List<Item> items, List<Condition> filter, Range range) {
  /** Copies the lists. */
  public Scan {
    items = List.copyOf(items);
    filter = List.copyOf(filter);
  }

  /** The same scan over another range. */
  public Scan over(Range other) {
    return new Scan(table, items, filter, other);
  }
}
