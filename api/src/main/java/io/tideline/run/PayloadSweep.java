package io.tideline.run;

import io.tideline.error.ExitCode;
import io.tideline.plan.PayloadPlan.Amount;
import java.time.Instant;
import java.util.List;

/**
 * What a sweep of a payload store did.
 *
 * @param run its id
 * @param at when it began
 * @param exit how it ended
 * @param trashed files moved to the trash
 * @param returned files put back from the trash, because a reference holds them again
 * @param removed files removed for good; the archive's record names each
 * @param waiting files that stay in the trash until the second grace is over
 * @param problems what could not be done, one sentence each
 */
public record PayloadSweep(
    String run,
    Instant at,
    ExitCode exit,
    Amount trashed,
    Amount returned,
    Amount removed,
    Amount waiting,
    List<String> problems) {
  /** Copies the list. */
  public PayloadSweep {
    problems = List.copyOf(problems);
  }
}
