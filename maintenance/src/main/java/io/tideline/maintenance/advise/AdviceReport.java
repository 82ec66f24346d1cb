package io.tideline.maintenance.advise;

import java.util.List;

/**
 * What was found for some queries.
 *
 * @param place the database
 * @param indexes what is worth making, the best first
 * @param queries what became of each query, in the order asked
 * @param basis on what the plans rest, one sentence each
 */
public record AdviceReport(
    String place, List<IndexAdvice> indexes, List<QueryAdvice> queries, List<String> basis) {
  /** Copies the lists. */
  public AdviceReport {
    indexes = List.copyOf(indexes);
    queries = List.copyOf(queries);
    basis = List.copyOf(basis);
  }

  /** Whether every query meets what is expected of it as things are. */
  public boolean allGood() {
    return queries.stream().allMatch(query -> query.outcome() == QueryAdvice.Outcome.GOOD);
  }
}
