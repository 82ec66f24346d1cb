package io.tideline.dialect;

import io.tideline.catalogue.ForeignKey;
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
   * Finds the rows that refer to others over a foreign key, by the comparison that the engine makes
   * to enforce it (the affinity and collation of the columns referred to). Each row given to the
   * sink is the number of the value it refers to, from 0, then the items; no order.
   *
   * @param key the foreign key; it need not be enforced, nor be one of the schema's
   * @param from its table
   * @param values values of the columns that {@code key} refers to, in its order, none null; each
   *     at most once
   */
  void referring(ForeignKey key, Table from, PackedRows values, List<Item> items, RowSink sink);

  /**
   * Counts the rows that refer to each value, as {@link #referring} finds them, and locks none.
   * Each row given to the sink is the number of the value, then how many refer to it; values that
   * none refers to are left out.
   */
  void countReferring(ForeignKey key, Table from, PackedRows values, RowSink sink);

  /** The newest rows of groups: see {@link Newest}; each row is group number, time, key columns. */
  void newest(Newest newest, RowSink sink);
}
