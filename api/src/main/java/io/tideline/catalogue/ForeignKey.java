package io.tideline.catalogue;

import java.util.List;

/**
 * A foreign key, or a relation that a configuration declares in place of one. With a NULL among the
 * referring columns a row refers to nothing; under {@link #matchFull} all of them are NULL then.
 *
 * @param name its name, or one made from table and columns
 * @param from the table that refers
 * @param columns the referring columns
 * @param to the table referred to
 * @param toColumns the columns referred to, in the same order: a primary or a unique key; empty if
 *     the parent cannot be resolved
 * @param onDelete the action, in upper case: {@code NO ACTION}, {@code RESTRICT}, {@code CASCADE},
 *     {@code SET NULL}, {@code SET DEFAULT}
 * @param setColumns the referring columns that {@code SET NULL} or {@code SET DEFAULT} changes;
 *     empty for every other action
 * @param deferrable whether its check can wait for the commit
 * @param initiallyDeferred whether it waits without being asked
 * @param validated whether the engine vouches that no row of before violates it: not for a key that
 *     is NOT VALID, nor on SQLite, where every connection chooses
 * @param enforced whether the engine keeps it: not for a declared relation, nor for a key that is
 *     NOT ENFORCED or whose triggers are disabled
 * @param matchFull whether a key that is NULL in part is refused
 */
public record ForeignKey(
    String name,
    TableName from,
    List<String> columns,
    TableName to,
    List<String> toColumns,
    String onDelete,
    List<String> setColumns,
    boolean deferrable,
    boolean initiallyDeferred,
    boolean validated,
    boolean enforced,
    boolean matchFull) {
  /** Copies the lists. */
  public ForeignKey {
    columns = List.copyOf(columns);
    toColumns = List.copyOf(toColumns);
    setColumns = List.copyOf(setColumns);
  }

  /** An enforced and validated key that is checked at once, and changes all its columns or none. */
  public ForeignKey(
      String name,
      TableName from,
      List<String> columns,
      TableName to,
      List<String> toColumns,
      String onDelete,
      boolean deferrable) {
    this(
        name,
        from,
        columns,
        to,
        toColumns,
        onDelete,
        onDelete.startsWith("SET ") ? columns : List.of(),
        deferrable,
        false,
        true,
        true,
        false);
  }

  /**
   * A relation that the schema does not declare, see {@link io.tideline.policy.Reference}. Names
   * are the catalogue's.
   *
   * @param toColumns as many as {@code columns}; they need not be a key
   */
  public static ForeignKey declared(
      TableName from, List<String> columns, TableName to, List<String> toColumns) {
    return new ForeignKey(
        from.name() + "_" + String.join("_", columns) + "_reference",
        from,
        columns,
        to,
        toColumns,
        "NO ACTION",
        List.of(),
        true,
        false,
        false,
        false,
        false);
  }

  /** Whether it refers to a table or columns that are missing. */
  public boolean broken() {
    return toColumns.isEmpty();
  }

  /** Whether it refers to its own table. */
  public boolean selfReference() {
    return from.equals(to);
  }

  /** The form for messages: {@code scores(trace_id)}. */
  public String display() {
    return from + "(" + String.join(", ", columns) + ")";
  }
}
