package io.tideline.plan;

import io.tideline.catalogue.TableName;
import java.time.Duration;
import java.util.List;

/**
 * A foreign key for which the engine reads the whole referring table with each row that goes,
 * because no index leads to the rows that refer.
 *
 * @param table the table that refers
 * @param columns its referring columns
 * @param to the table referred to
 * @param going how often the table is read: the rows that go from the table referred to
 * @param rows the rows of the referring table
 * @param cost how long the reading should take in all, from a usual rate
 * @param what the same in words
 * @param statement what makes the index; empty if none can serve, for the columns differ in type
 */
public record UnindexedKey(
    TableName table,
    List<String> columns,
    TableName to,
    long going,
    long rows,
    Duration cost,
    String what,
    String statement) {
  /** Copies the list. */
  public UnindexedKey {
    columns = List.copyOf(columns);
  }
}
