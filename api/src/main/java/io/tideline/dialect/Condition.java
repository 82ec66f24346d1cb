package io.tideline.dialect;

import io.tideline.catalogue.ForeignKey;
import io.tideline.policy.Predicate;
import io.tideline.row.Row;
import java.util.List;

/** What a row must meet. Each is true or false of a row, never null. */
public sealed interface Condition {
  /**
   * The time lies before the bound, by the engine's own comparison of the stored values; no value
   * is false.
   *
   * @param time the column or expression
   * @param bound one value in the column's own encoding, exclusive
   */
  record TimeBefore(Item time, Row bound) implements Condition {}

  /**
   * The user's predicate is true; NULL is not true.
   *
   * @param predicate the predicate
   * @param parameters what {@code :now} and {@code :cutoff} stand for, in that order, as two values
   */
  record IsTrue(Predicate predicate, Row parameters) implements Condition {}

  /**
   * The user's predicate is false: neither true nor NULL.
   *
   * @param predicate the predicate
   * @param parameters as in {@link IsTrue}
   */
  record IsFalse(Predicate predicate, Row parameters) implements Condition {}

  /**
   * No row refers to this one over the foreign key. (A row of its own table that refers to itself
   * alone does not count.)
   *
   * @param foreignKey a foreign key whose {@code to} is the row's table
   */
  record NotReferred(ForeignKey foreignKey) implements Condition {}

  /**
   * No stored value is larger.
   *
   * @param bytes the largest size of a value, inclusive
   */
  record ValuesAtMost(long bytes) implements Condition {}

  /**
   * The other does not hold.
   *
   * @param condition the other
   */
  record Not(Condition condition) implements Condition {}

  /**
   * All of several hold.
   *
   * @param conditions the others, at least one
   */
  record All(List<Condition> conditions) implements Condition {
    /** Copies the list. */
    public All {
      conditions = List.copyOf(conditions);
    }
  }
}
