package io.tideline.tuning;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How an engine would answer a query.
 *
 * @param engine the engine and its version: {@code SQLite 3.54.1}
 * @param steps the steps at the top, in the engine's order
 * @param cost the engine's own measure of the whole, comparable only with that of the same engine;
 *     empty if it tells none
 */
public record QueryPlan(String engine, List<PlanNode> steps, Optional<Double> cost) {
  /** Copies the list. */
  public QueryPlan {
    steps = List.copyOf(steps);
  }

  /** All steps, in the order in which they are printed. */
  public Stream<PlanNode> all() {
    return steps.stream().flatMap(PlanNode::all);
  }
}
