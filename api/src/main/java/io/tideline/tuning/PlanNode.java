package io.tideline.tuning;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One step of a query's plan.
 *
 * @param kind what it does
 * @param table the table that it reads, by its own name, not an alias; a partition's by its
 *     parent's; empty if none
 * @param index the index that it reads, a partition's by its parent's; {@code PRIMARY KEY} where
 *     the table itself is sought by its key; empty if none
 * @param covering whether the index alone answers, without the table
 * @param text the engine's own line
 * @param estimated the rows that the engine expects of it, each time, where it says so
 * @param examined the rows that it read, all times together, where it was run and the engine counts
 * @param children the steps that feed it
 */
public record PlanNode(
    Kind kind,
    String table,
    String index,
    boolean covering,
    String text,
    Optional<Double> estimated,
    Optional<Long> examined,
    List<PlanNode> children) {
  /** Copies the list. */
  public PlanNode {
    children = List.copyOf(children);
  }

  /** What a step does. */
  public enum Kind {
    /** Reads a whole table. */
    FULL_SCAN,
    /** Reads a whole index, which is as long as its table; a LIMIT may end it early. */
    WHOLE_INDEX,
    /** Seeks in an index. */
    INDEX_SEARCH,
    /** Seeks in the table by its own key. */
    KEY_SEARCH,
    /** Seeks in an index once for each value of its first columns. */
    SKIP_SCAN,
    /** Reads a whole table to build an index for this one query. */
    AUTOMATIC_INDEX,
    /** Collects rows to sort them or to tell them apart. */
    SORT,
    /** Reads a virtual or foreign table by its own ways. */
    FOREIGN,
    /** Anything that reads no table itself: a join, an aggregate, a subquery, a function. */
    OTHER,
    /** A step that is not known here. */
    UNKNOWN;

    /** Whether it reads as many rows as there are. */
    public boolean readsAll() {
      return this == FULL_SCAN || this == WHOLE_INDEX || this == AUTOMATIC_INDEX;
    }
  }

  /** A step that reads no table. */
  public static PlanNode of(Kind kind, String text) {
    return new PlanNode(kind, "", "", false, text, Optional.empty(), Optional.empty(), List.of());
  }

  /** The same step, reading a table. */
  public PlanNode on(String name) {
    return new PlanNode(kind, name, index, covering, text, estimated, examined, children);
  }

  /** The same step, reading an index. */
  public PlanNode by(String name, boolean alone) {
    return new PlanNode(kind, table, name, alone, text, estimated, examined, children);
  }

  /** The same step with what is known of its rows. */
  public PlanNode rows(Optional<Double> expected, Optional<Long> read) {
    return new PlanNode(kind, table, index, covering, text, expected, read, children);
  }

  /** The same step, fed by others. */
  public PlanNode over(List<PlanNode> steps) {
    return new PlanNode(kind, table, index, covering, text, estimated, examined, steps);
  }

  /** This step and all below it, in the order in which they are printed. */
  public Stream<PlanNode> all() {
    return Stream.concat(Stream.of(this), children.stream().flatMap(PlanNode::all));
  }
}
