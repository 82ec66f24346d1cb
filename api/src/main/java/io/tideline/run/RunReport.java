package io.tideline.run;

import io.tideline.dialect.DatabaseSize;
import io.tideline.error.ExitCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
 * @param restored what a restore brought back to each table; empty for a run
 * @param pacing how a run paced itself; null for a restore
 * @param record the last line of the archive's deletion record at its end
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
    DatabaseSize after,
    @Nullable List<RestoreReport.OfTable> restored,
    @Nullable Pacing pacing,
    @Nullable RecordHead record) {
  /** Copies the lists; reports of earlier versions have none of {@code restored}. */
  public RunReport {
    policies = List.copyOf(policies);
    restored = restored == null ? List.of() : List.copyOf(restored);
  }

  /** What a run or restore did, without the head of the record. */
  public RunReport(
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
      DatabaseSize after,
      List<RestoreReport.OfTable> restored) {
    this(
        run,
        kind,
        startedAt,
        finishedAt,
        exit,
        failure,
        resumed,
        resumedRows,
        policies,
        before,
        after,
        restored,
        null,
        null);
  }

  /** What a run did, which restores nothing. */
  public RunReport(
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
    this(
        run,
        kind,
        startedAt,
        finishedAt,
        exit,
        failure,
        resumed,
        resumedRows,
        policies,
        before,
        after,
        List.of());
  }

  /** The same report, which notes the last line of the deletion record. */
  public RunReport noting(Optional<RecordHead> head) {
    return new RunReport(
        run,
        kind,
        startedAt,
        finishedAt,
        exit,
        failure,
        resumed,
        resumedRows,
        policies,
        before,
        after,
        restored(),
        pacing,
        head.orElse(null));
  }

  /** The last line of the archive's deletion record at its end, if it says. */
  public Optional<RecordHead> recordHead() {
    return Optional.ofNullable(record);
  }

  /** What came back to each table; empty for a run. */
  @Override
  public List<RestoreReport.OfTable> restored() {
    return restored == null ? List.of() : restored;
  }

  /** The rows that a restore found or made live as they were archived, in all. */
  public long restoredRows() {
    return restored().stream()
        .mapToLong(each -> each.inserted() + each.identical() + each.overwritten())
        .sum();
  }

  /** The rows removed, in all. */
  public long removed() {
    return resumedRows + policies.stream().mapToLong(PolicyReport::removed).sum();
  }
}
