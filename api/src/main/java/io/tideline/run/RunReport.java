package io.tideline.run;

import io.tideline.dialect.DatabaseSize;
import io.tideline.error.ExitCode;
import java.time.Instant;
import java.util.List;

/**
 * What a run did.
 *
 * @param run its id, which sorts by time
 * @param kind {@code run} or {@code restore}
 * @param startedAt when it began
 * @param finishedAt when it ended
 * @param exit how it ended
 * @param failure why it stopped; empty if it did not
 * @param resumed manifests of earlier runs that it closed
 * @param resumedRows rows of those that it removed
 * @param policies what each policy did
 * @param before the database's size before
 * @param after the database's size after
 */
public record RunReport(
    String run,
    String kind,
    Instant startedAt,
    Instant finishedAt,
    ExitCode exit,
    String failure,
    int resumed,
    long resumedRows,
    List<PolicyReport> policies,
    DatabaseSize before,
    DatabaseSize after) {
  /** Copies the list. */
  public RunReport {
    policies = List.copyOf(policies);
  }

  /** The rows removed, in all. */
  public long removed() {
    return resumedRows + policies.stream().mapToLong(PolicyReport::removed).sum();
  }
}
