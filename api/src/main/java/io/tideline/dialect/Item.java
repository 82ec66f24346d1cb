package io.tideline.dialect;

/**
 * One value of a row that is read: a column, an expression of the user's, or a measure of the row.
 */
public sealed interface Item {
  /**
   * A column by its catalogue spelling; the name of a hidden key too.
   *
   * @param name the column
   */
  record OfColumn(String name) implements Item {}

  /**
   * An expression that the user wrote, checked by {@link io.tideline.policy.Predicate}.
   *
   * @param sql the expression, put in parentheses when used
   */
  record OfSql(String sql) implements Item {}

  /**
   * Whether a condition holds: 1 or 0, never null.
   *
   * @param condition the condition
   */
  record Holds(Condition condition) implements Item {}

  /** The bytes of all stored values of the row, as an integer. */
  record RowBytes() implements Item {}

  /** The bytes of the largest stored value of the row, as an integer. */
  record LargestValue() implements Item {}
}
