package io.tideline.tuning;

import java.util.Map;

/**
 * How large a table is in production, where the database at hand is not that.
 *
 * @param table the table, as the user names it
 * @param rows how many rows it has there
 * @param distinct how many different values some of its columns have there, by column
 */
public record TableSize(String table, long rows, Map<String, Long> distinct) {
  /**
   * Copies the map.
   *
   * @throws IllegalArgumentException if a count is not positive, or there are more values than rows
   */
  public TableSize {
    distinct = Map.copyOf(distinct);
    if (table.isBlank()) {
      throw new IllegalArgumentException("A size needs a table");
    }
    if (rows < 1) {
      throw new IllegalArgumentException("The table '" + table + "' cannot have " + rows + " rows");
    }
    distinct.forEach(
        (column, values) -> {
          if (values < 1 || values > rows) {
            throw new IllegalArgumentException(
                "The column '"
                    + column
                    + "' cannot have "
                    + values
                    + " different values in "
                    + rows
                    + " rows");
          }
        });
  }

  /** A table of so many rows. */
  public static TableSize of(String table, long rows) {
    return new TableSize(table, rows, Map.of());
  }
}
