package io.tideline.dialect;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.row.PackedRows;
import java.util.List;

/**
 * The rows of a table that refer to some values over a foreign key, by the comparison that the
 * engine makes to enforce it: with the affinity and collation of the columns referred to.
 *
 * @param key the foreign key; it need not be enforced, nor be one of the schema's
 * @param from its table
 * @param values values of the columns that {@code key} refers to, in its order, none null; each at
 *     most once
 * @param filter what the rows meet besides; empty for all
 */
public record ReferringRows(ForeignKey key, Table from, PackedRows values, List<Condition> filter) {
  /** Copies the filter. */
  public ReferringRows {
    filter = List.copyOf(filter);
  }

  /** All rows that refer to the values. */
  public ReferringRows(ForeignKey key, Table from, PackedRows values) {
    this(key, from, values, List.of());
  }
}
