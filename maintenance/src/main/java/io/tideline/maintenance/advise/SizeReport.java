package io.tideline.maintenance.advise;

import io.tideline.tuning.Breach;
import io.tideline.tuning.QueryPlan;
import java.util.List;
import java.util.Optional;

/**
 * What a check at a size found.
 *
 * @param place the database
 * @param basis on what the plans rest, one sentence each
 * @param queries in the order asked
 */
public record SizeReport(String place, List<String> basis, List<Sized> queries) {
  /** Copies the lists. */
  public SizeReport {
    basis = List.copyOf(basis);
    queries = List.copyOf(queries);
  }

  /**
   * What became of a query.
   *
   * @param query its name
   * @param judged whether anything is expected of its plan; rows that are read are not judged here
   * @param cannot what it does not meet even when every table that it names is large; empty if it
   *     can
   * @param willNot what it does not meet at the size that is declared; empty if it will
   * @param plan the plan at the size that is declared; empty if it could not be explained
   * @param failure why it could not be explained; empty if it could
   */
  public record Sized(
      String query,
      boolean judged,
      List<Breach> cannot,
      List<Breach> willNot,
      Optional<QueryPlan> plan,
      String failure) {
    /** Copies the lists. */
    public Sized {
      cannot = List.copyOf(cannot);
      willNot = List.copyOf(willNot);
    }

    /** Whether a build should stop at it. */
    public boolean bad() {
      return !willNot.isEmpty() || !failure.isEmpty();
    }
  }

  /** How many will not be as expected. */
  public long failed() {
    return queries.stream().filter(Sized::bad).count();
  }
}
