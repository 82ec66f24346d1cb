package io.tideline.dialect;

import io.tideline.catalogue.Table;
import io.tideline.row.PackedRows;
import io.tideline.row.RowSink;
import java.util.List;

/** Questions about rows that are named by values, answered set by set, never row by row. */
public interface Lookups {
  /**
   * Looks rows up by key; absent ones are left out. Each row given to the sink is its key columns,
   * then the items.
   *
   * @param keys as wide as the table's key
   */
  void lookUp(Table table, PackedRows keys, List<Item> items, RowSink sink);

  /**
   * Finds rows that refer to others. Each row given to the sink is the number of the value it
   * refers to, from 0, then the items; no order.
   */
  void referring(ReferringRows rows, List<Item> items, RowSink sink);

  /**
   * Counts the rows that refer to each value, and locks none. Each row given to the sink is the
   * number of the value, then how many refer to it; values that none refers to are left out.
   */
  void countReferring(ReferringRows rows, RowSink sink);

  /** The newest rows of groups: see {@link Newest}; each row is group number, time, key columns. */
  void newest(Newest newest, RowSink sink);
}
