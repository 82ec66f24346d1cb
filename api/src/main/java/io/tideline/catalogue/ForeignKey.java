package io.tideline.catalogue;

import java.util.List;

/**
 * A foreign key.
 *
 * @param name its name, or one made from table and columns
 * @param from the table that refers
 * @param columns the referring columns
 * @param to the table referred to
 * @param toColumns the columns referred to, in the same order; empty if the parent cannot be
 *     resolved
 * @param onDelete the action, in upper case: {@code NO ACTION}, {@code RESTRICT}, {@code CASCADE},
 *     {@code SET NULL}, {@code SET DEFAULT}
 * @param deferrable whether its check can wait for the commit
 */
public record ForeignKey(
    String name,
    TableName from,
    List<String> columns,
    TableName to,
    List<String> toColumns,
    String onDelete,
    boolean deferrable) {
  /** Copies the lists. */
  public ForeignKey {
    columns = List.copyOf(columns);
    toColumns = List.copyOf(toColumns);
  }

  /** The form for messages: {@code scores(trace_id)}. */
  public String display() {
    return from + "(" + String.join(", ", columns) + ")";
  }
}
