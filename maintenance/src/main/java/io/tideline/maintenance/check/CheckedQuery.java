package io.tideline.maintenance.check;

import io.tideline.tuning.Breach;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.Work;
import java.util.List;
import java.util.Optional;

/**
 * A query and what was found of it.
 *
 * @param name its name
 * @param verdict whether it is as expected
 * @param plan how it is answered; empty if it could not be explained
 * @param work what it took; empty if it was not run
 * @param breaches what is not as expected
 * @param failure why it could not be explained or run; empty if it could
 */
public record CheckedQuery(
    String name,
    Verdict verdict,
    Optional<QueryPlan> plan,
    Optional<Work> work,
    List<Breach> breaches,
    String failure) {
  /** Copies the list. */
  public CheckedQuery {
    breaches = List.copyOf(breaches);
  }

  /** Whether a query is as expected. */
  public enum Verdict {
    /** Everything that is expected is so. */
    PASSES,
    /** Something is not. */
    FAILS,
    /** Nothing is expected of it. */
    NOT_JUDGED,
    /** It was refused, or the database objects to it. */
    IMPOSSIBLE;

    /** Whether a build should stop at it. */
    public boolean bad() {
      return this == FAILS || this == IMPOSSIBLE;
    }
  }
}
