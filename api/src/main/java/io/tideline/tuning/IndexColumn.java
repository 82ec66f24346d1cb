package io.tideline.tuning;

import io.tideline.policy.Predicate;
import java.util.Locale;

/**
 * One thing that an index is ordered by.
 *
 * @param column the column, as the user names it; empty for an expression
 * @param expression the expression, without parentheses of its own; empty for a column
 * @param descending whether the largest stands first
 * @param nulls where rows without a value stand
 * @param collation by which collation, as {@link SqlName}; empty for the column's own
 * @param operators by which operator class, as {@link SqlName}; empty for the usual one
 */
public record IndexColumn(
    String column,
    String expression,
    boolean descending,
    Nulls nulls,
    String collation,
    String operators) {
  /** Where rows without a value stand. */
  public enum Nulls {
    /** Where the engine puts them by itself. */
    USUAL,
    /** Before every value. */
    FIRST,
    /** After every value. */
    LAST
  }

  /**
   * Checks that it is either a column or an expression, and that no text can break out of its place
   * in a statement.
   *
   * @throws IllegalArgumentException if it is both or neither, or a name is no name
   * @throws io.tideline.error.TidelineException {@code PREDICATE_INVALID} for the expression
   */
  public IndexColumn {
    if (column.isBlank() == expression.isBlank()) {
      throw new IllegalArgumentException("Name either a column or an expression of the index");
    }
    if (!expression.isBlank()) {
      expression = new Predicate(expression).sql();
    }
    SqlName.check("column", column);
    SqlName.checkQualified("collation", collation);
    SqlName.checkQualified("operator class", operators);
  }

  /** A column in ascending order. */
  public static IndexColumn of(String column) {
    return new IndexColumn(column, "", false, Nulls.USUAL, "", "");
  }

  /** An expression in ascending order. */
  public static IndexColumn ofExpression(String expression) {
    return new IndexColumn("", expression, false, Nulls.USUAL, "", "");
  }

  /** The same, the largest first. */
  public IndexColumn desc() {
    return new IndexColumn(column, expression, true, nulls, collation, operators);
  }

  /** The same, with rows without a value there. */
  public IndexColumn withNulls(Nulls where) {
    return new IndexColumn(column, expression, descending, where, collation, operators);
  }

  /** The same, by another collation. */
  public IndexColumn withCollation(String other) {
    return new IndexColumn(column, expression, descending, nulls, other, operators);
  }

  /** The same, by another operator class. */
  public IndexColumn withOperators(String other) {
    return new IndexColumn(column, expression, descending, nulls, collation, other);
  }

  /** Whether it is an expression. */
  public boolean isExpression() {
    return column.isEmpty();
  }

  /** As a person writes it: {@code created_at desc}. */
  @Override
  public String toString() {
    return (isExpression() ? "(" + expression + ")" : column)
        + (collation.isEmpty() ? "" : " collate " + collation)
        + (operators.isEmpty() ? "" : " " + operators)
        + (descending ? " desc" : "")
        + (nulls == Nulls.USUAL ? "" : " nulls " + nulls.name().toLowerCase(Locale.ROOT));
  }
}
