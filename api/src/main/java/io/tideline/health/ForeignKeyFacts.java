package io.tideline.health;

import io.tideline.catalogue.TableName;
import java.util.List;

/**
 * A foreign key.
 *
 * @param name its name
 * @param from the table that refers
 * @param columns the columns that refer
 * @param collations for each column the collation by which the engine looks for rows that refer;
 *     empty where any will do
 * @param to the table referred to
 * @param statement the statement that makes an index over the columns
 */
public record ForeignKeyFacts(
    String name,
    TableName from,
    List<String> columns,
    List<String> collations,
    TableName to,
    String statement) {
  /** Copies the lists. */
  public ForeignKeyFacts {
    columns = List.copyOf(columns);
    collations = List.copyOf(collations);
  }

  /** Where any collation will do. */
  public ForeignKeyFacts(
      String name, TableName from, List<String> columns, TableName to, String statement) {
    this(name, from, columns, columns.stream().map(each -> "").toList(), to, statement);
  }

  /** Whether an index that is ordered by one of its columns leads to rows that refer. */
  public boolean leads(IndexFacts.Part part) {
    int at = columns.indexOf(part.column());
    return at >= 0
        && (collations.get(at).isEmpty() || collations.get(at).equalsIgnoreCase(part.collation()));
  }
}
