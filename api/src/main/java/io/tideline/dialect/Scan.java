package io.tideline.dialect;

import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import java.util.List;
import java.util.Optional;

/**
 * What to read of a table, in order.
 *
 * @param table the table
 * @param items the values of each row, in order
 * @param filter the conditions that every row must meet
 * @param range where, and in which order
 * @param within the only partition whose rows are meant, even if it is detached by now; all rows of
 *     the table if empty
 */
public record Scan(
    Table table,
    List<Item> items,
    List<Condition> filter,
    Range range,
    Optional<Partition> within) {
  /** Copies the lists. */
  public Scan {
    items = List.copyOf(items);
    filter = List.copyOf(filter);
  }

  /** A scan of a table, whatever its partitions. */
  public Scan(Table table, List<Item> items, List<Condition> filter, Range range) {
    this(table, items, filter, range, Optional.empty());
  }

  /** The same scan over another range. */
  public Scan over(Range other) {
    return new Scan(table, items, filter, other, within);
  }

  /** The same scan of one partition only. */
  public Scan within(Partition partition) {
    return new Scan(table, items, filter, range, Optional.of(partition));
  }
}
