package io.tideline.health;

import io.tideline.catalogue.TableName;
import java.util.List;
import java.util.OptionalLong;

/**
 * An index, with everything by which two of them may differ.
 *
 * @param name its name
 * @param table its table; the index is of the same schema
 * @param method the access method: {@code btree}, {@code gin}
 * @param parts what it is ordered by
 * @param following by what rows that are equal in all parts stand in order, so that reads may go on
 *     from one: SQLite's rowid, or the primary key of a table without; empty where nothing is
 *     promised
 * @param include the further columns that it holds, in no order
 * @param predicate which rows it holds; empty for all
 * @param unique whether it forbids repeats
 * @param nullsEqual whether two rows without a value are a repeat
 * @param needed whether a constraint or a replica's identity stands on it, or a view or trigger
 *     names it, so that it cannot go
 * @param valid whether reads may use it
 * @param part whether it is one partition's part of another index
 * @param bytes its size, if known
 * @param scans how often it was read since statistics began; empty where nobody counts
 */
public record IndexFacts(
    String name,
    TableName table,
    String method,
    List<Part> parts,
    List<Part> following,
    List<String> include,
    String predicate,
    boolean unique,
    boolean nullsEqual,
    boolean needed,
    boolean valid,
    boolean part,
    OptionalLong bytes,
    OptionalLong scans) {
  /** Copies the lists. */
  public IndexFacts {
    parts = List.copyOf(parts);
    following = List.copyOf(following);
    include = List.copyOf(include);
  }

  /**
   * One thing that an index is ordered by.
   *
   * @param column the column; empty for an expression
   * @param expression the expression; empty for a column
   * @param collation by which collation
   * @param operators by which operator class; empty where the engine has none
   * @param descending whether the largest stands first
   * @param nullsFirst whether no value stands before every value
   */
  public record Part(
      String column,
      String expression,
      String collation,
      String operators,
      boolean descending,
      boolean nullsFirst) {}

  /** Its name with its schema, as a person writes it. */
  public String display() {
    return new TableName(table.schema(), name).toString();
  }
}
