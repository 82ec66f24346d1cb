package io.tideline;

import io.tideline.archive.ArchiveView;
import io.tideline.archive.QueryEngine;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.plan.Plan;
import io.tideline.plan.Proposal;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.row.RowSink;
import io.tideline.run.ArchivedSegment;
import io.tideline.run.Hold;
import io.tideline.run.RecoverReport;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Status;
import io.tideline.run.TableStats;
import io.tideline.run.VerifyReport;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One database with its policies and its archive: plan, run, look, restore.
 *
 * <p>Not thread-safe, but for {@link #stop}.
 */
public final class Tideline implements AutoCloseable {
  private Tideline() {}

  /**
   * Opens a database; changes nothing.
   *
   * @throws io.tideline.error.TidelineException {@code DATABASE_*}, {@code ARCHIVE_*}
   */
  public static Tideline open(Settings settings) {
    return open(settings, Clock.systemUTC());
  }

  /** As {@link #open(Settings)}, with another clock; it may not be ahead of the machine's. */
  public static Tideline open(Settings settings, Clock clock) {
    throw new UnsupportedOperationException();
  }

  /** What {@code init} proposes for a database: tables that grow by time, largest first. */
  public static List<Proposal> propose(DatabaseUrl database, Clock clock) {
    throw new UnsupportedOperationException();
  }

  /** Allows the archive folder to serve this database although it was made for another one. */
  public void adopt() {
    throw new UnsupportedOperationException();
  }

  /** What a run would do now; changes nothing. */
  public Plan plan(Selection selection, RunListener listener) {
    throw new UnsupportedOperationException();
  }

  /** Gives each root that a plan would remove to the sink: the named columns, read now. */
  public void list(Plan plan, String policy, List<String> columns, RowSink sink) {
    throw new UnsupportedOperationException();
  }

  /** Carries a plan out; earlier runs that were interrupted are finished first. */
  public RunReport run(Plan plan, RunListener listener) {
    throw new UnsupportedOperationException();
  }

  /** Writes a plan to a file that {@link #loadPlan} reads. */
  public static void savePlan(Plan plan, Path file) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads a saved plan and checks it against the present: 24 hours, catalogue, policies, holds, and
   * not 1 % more rows.
   *
   * @throws io.tideline.error.TidelineException {@code PLAN_STALE}
   */
  public Plan loadPlan(Path file, RunListener listener) {
    throw new UnsupportedOperationException();
  }

  /** Asks the run or restore in progress to end after its batch; any thread may call it. */
  public void stop() {
    throw new UnsupportedOperationException();
  }

  /** How each policy's table stands. */
  public List<TableStats> stats() {
    throw new UnsupportedOperationException();
  }

  /** How database and archive stand. */
  public Status status() {
    throw new UnsupportedOperationException();
  }

  /** The reports of earlier runs and restores, oldest first. */
  public List<RunReport> history() {
    throw new UnsupportedOperationException();
  }

  /** The sealed segments, oldest first. */
  public List<ArchivedSegment> archives() {
    throw new UnsupportedOperationException();
  }

  /** Reads segments again and compares every digest; all, or those of one run or one segment. */
  public VerifyReport verify(Optional<String> runOrSegment, RunListener listener) {
    throw new UnsupportedOperationException();
  }

  /** Brings archived rows back. */
  public RestoreReport restore(RestoreRequest request, RunListener listener) {
    throw new UnsupportedOperationException();
  }

  /** Makes the archive tables that {@code move} policies need; says what was done. */
  public List<String> createArchiveTables() {
    throw new UnsupportedOperationException();
  }

  /**
   * Holds rows of a table.
   *
   * @param keys keys in text; empty if {@code where} is given
   */
  public Hold hold(
      String table,
      List<String> keys,
      Optional<String> where,
      String reason,
      Optional<Instant> until) {
    throw new UnsupportedOperationException();
  }

  /** The holds in force. */
  public List<Hold> holds() {
    throw new UnsupportedOperationException();
  }

  /** Ends a hold; the reason is kept with it. */
  public void release(String hold, String reason) {
    throw new UnsupportedOperationException();
  }

  /** Makes the ledger anew from the archive. */
  public RecoverReport recover() {
    throw new UnsupportedOperationException();
  }

  /** What the archive shows, by table; with rows in doubt if asked for. */
  public List<ArchiveView> views(boolean inDoubt) {
    throw new UnsupportedOperationException();
  }

  /** Runs SQL over the archive's views. */
  public void query(String sql, boolean inDoubt, QueryEngine.Result result) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
