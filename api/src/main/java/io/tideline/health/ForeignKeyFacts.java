package io.tideline.health;

import io.tideline.catalogue.TableName;
import java.util.List;

/**
 * A foreign key.
 *
 * @param name its name
 * @param from the table that refers
 * @param columns the columns that refer
 * @param to the table referred to
 * @param statement the statement that makes an index over the columns
 */
public record ForeignKeyFacts(
    String name, TableName from, List<String> columns, TableName to, String statement) {
  /** Copies the list. */
  public ForeignKeyFacts {
    columns = List.copyOf(columns);
  }
}
