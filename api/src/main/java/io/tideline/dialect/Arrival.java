package io.tideline.dialect;

import io.tideline.catalogue.Table;
import io.tideline.row.RowSource;
import java.util.List;

/**
 * Rows of one table that are to be inserted with rows of others.
 *
 * @param table the table
 * @param columns the columns that each row holds, in order, as {@link Transaction#insert} has them
 * @param rows the rows, at least one, as wide as {@code columns}; read once
 */
public record Arrival(Table table, List<String> columns, RowSource rows) {
  /** Copies the list. */
  public Arrival {
    columns = List.copyOf(columns);
  }
}
