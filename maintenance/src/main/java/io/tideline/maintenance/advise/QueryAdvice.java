package io.tideline.maintenance.advise;

import io.tideline.tuning.QueryPlan;
import java.util.List;

/**
 * What became of one query.
 *
 * @param query its name
 * @param outcome what was found
 * @param why one sentence or two for a person; empty where the outcome says all
 * @param indexes the indexes that mend or ease it: advised ones, or those that are there
 * @param gain how many times less the engine expects to work with them; 1 if nothing changes
 * @param before the plan without them
 * @param after the plan with them; as before if there are none
 */
public record QueryAdvice(
    String query,
    Outcome outcome,
    String why,
    List<String> indexes,
    double gain,
    QueryPlan before,
    QueryPlan after) {
  /** Copies the list. */
  public QueryAdvice {
    indexes = List.copyOf(indexes);
  }

  /** What was found. */
  public enum Outcome {
    /** The indexes that are there do. */
    GOOD,
    /** An advised index makes it meet what is expected. */
    MENDED,
    /** An advised index makes it far cheaper, but what is expected is not met. */
    EASED,
    /** No index that was tried helps. */
    NONE,
    /** It was refused, or the engine objects to it; the plans are empty. */
    FAILED,
    /** The time was over before it was looked at. */
    LEFT
  }

  QueryAdvice with(QueryPlan plan, List<String> others, double times) {
    return new QueryAdvice(query, outcome, why, others, times, before, plan);
  }
}
