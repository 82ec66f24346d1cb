package io.tideline.core.restore;

import io.tideline.catalogue.Catalogue;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.ArchiveIdentity;
import io.tideline.core.archive.ArchiveLock;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.Intent;
import io.tideline.core.archive.Manifest;
import io.tideline.core.record.DeletionRecord;
import io.tideline.core.view.MovedTables;
import io.tideline.core.work.Control;
import io.tideline.core.work.Orders;
import io.tideline.core.work.Preconditions;
import io.tideline.core.work.RunContext;
import io.tideline.core.work.RunId;
import io.tideline.core.work.Telling;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseSize;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import io.tideline.policy.Settings;
import io.tideline.row.RowRanges;
import io.tideline.run.Hold;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Carries a restore out: into the source with intent, hold and mark, or into another database. */
public final class RestoreRun {
  private final Settings settings;
  private final ArchiveFolder archive;
  private final Formats formats;
  private final Clock clock;
  private final RunListener listener;
  private final AtomicBoolean stopping;
  private final Orders orders;

  /** A restore from an archive. */
  public RestoreRun(
      Settings settings,
      ArchiveFolder archive,
      Formats formats,
      Clock clock,
      RunListener listener,
      AtomicBoolean stopping) {
    this.settings = settings;
    this.archive = archive;
    this.formats = formats;
    this.clock = clock;
    this.listener = listener;
    this.stopping = stopping;
    this.orders = new Orders(settings.state());
  }

  /**
   * Restores into the source.
   *
   * @param where the rows of each file that meet the request's predicate
   */
  public RestoreReport intoSource(
      Database source, RestoreRequest request, Map<Path, BitSet> where) {
    Preconditions.writable(source);
    Preconditions.clock(source, clock);
    Instant now = Instant.now(clock);
    String run = RunId.at(now);
    try (Lease lease = source.acquireLease();
        ArchiveLock lock = ArchiveLock.acquire(archive);
        Writer writer = lease.openWriter(Pace.GENTLE);
        Telling telling = new Telling(orders, run, "restore", clock, listener)) {
      ArchiveIdentity identity = lock.claim(lease.identity(), now);
      DeletionRecord record = DeletionRecord.open(archive, identity, "", clock, telling);
      RunContext context = context(run, source, lease, identity, now, telling, record);
      telling.stepped(Step.LEASED);
      DatabaseSize before = source.size();
      new Settlement(context, writer).settle();
      Choice choice = new Choice(archive, formats, request, where);
      List<Chosen> chosen = segments(choice, request);
      Catalogue catalogue = source.catalogue();
      Surroundings around = new Surroundings(context, settings, catalogue);
      List<MovedRows> moved = around.moved(request);
      Restorer restorer = new Restorer(context, catalogue, writer, request, around::protections);
      restorer.prepare(chosen, choice.detached(), moved, choice.nothing());
      RestoreHolds holds = new RestoreHolds(context, request);
      holds.place(around, restorer.chosen(), moved);
      intend(context, request, restorer, moved, holds.last(), now);
      RestoreReport done = restorer.restore();
      restorer.mark();
      holds.withdraw(done);
      RestoreReport report = done.with(holds.notes(), holds.until());
      archive.writeOnce(
          context.run(),
          "report.json",
          runReport(report, now, before, source).noting(record.head()),
          () -> {});
      return report;
    }
  }

  /**
   * Restores into another database; the archive is only read.
   *
   * @throws TidelineException {@code RESTORE_IMPOSSIBLE} if it is the source itself, or rows of it
   *     would have to be overwritten
   */
  public RestoreReport intoOther(Database target, RestoreRequest request, Map<Path, BitSet> where) {
    Preconditions.writable(target);
    if (request.overwrite()) {
      throw new TidelineException(
          ErrorCode.RESTORE_IMPOSSIBLE,
          "Cannot overwrite rows of another database: this archive does not take them.",
          "Nothing was changed.",
          "Leave --conflict overwrite out, or remove the rows that differ from it first.");
    }
    ArchiveIdentity identity =
        archive
            .identity()
            .orElseThrow(
                () ->
                    new TidelineException(
                        ErrorCode.RESTORE_IMPOSSIBLE,
                        "Cannot restore from " + archive.root() + ": there is no archive.",
                        "Nothing was changed.",
                        "Name the folder of the archive as 'archive:' in the configuration."));
    try (Lease lease = target.acquireLease();
        Writer writer = lease.openWriter(Pace.GENTLE)) {
      if (lease.identity().sameAs(identity.source())) {
        throw new TidelineException(
            ErrorCode.RESTORE_IMPOSSIBLE,
            "Cannot restore --into the source itself.",
            "Nothing was changed.",
            "Leave --into out: the rows then come back to the source and leave the archive's view.");
      }
      Instant now = Instant.now(clock);
      DeletionRecord none = DeletionRecord.none(archive);
      RunContext context = context(RunId.at(now), target, lease, identity, now, listener, none);
      listener.stepped(Step.LEASED);
      Choice choice = new Choice(archive, formats, request, where);
      Restorer restorer =
          new Restorer(context, target.catalogue(), writer, request, Protections::ofReferrers);
      List<Chosen> chosen = segments(choice, request);
      restorer.prepare(chosen, choice.detached(), List.of(), choice.nothing());
      RestoreReport report = restorer.restore();
      return request.tree().isPresent()
          ? report
          : report.with(
              new MovedTables(settings).notComing(table -> Choice.matches(request, table)),
              Optional.empty());
    }
  }

  private List<Chosen> segments(Choice choice, RestoreRequest request) {
    return request
        .tree()
        .map(tree -> new MovedTables(settings).find(tree, choice::segments))
        .orElseGet(choice::segments);
  }

  private RunContext context(
      String run,
      Database database,
      Lease lease,
      ArchiveIdentity identity,
      Instant now,
      RunListener hearing,
      DeletionRecord record) {
    return new RunContext(
        run,
        database,
        lease,
        archive,
        identity,
        formats,
        settings.pace(),
        clock,
        now,
        hearing,
        record,
        new Control(stopping, orders, run, RunOptions.DEFAULT, clock));
  }

  /** Writes down what is about to happen. */
  private void intend(
      RunContext context,
      RestoreRequest request,
      Restorer restorer,
      List<MovedRows> moved,
      Optional<Hold> hold,
      Instant now) {
    archive.writeOnce(
        context.run(),
        "intent.json",
        intent(context, request, restorer, moved, hold, now),
        () -> {});
    listener.stepped(Step.RESTORE_INTENDED);
  }

  private static Intent intent(
      RunContext context,
      RestoreRequest request,
      Restorer restorer,
      List<MovedRows> movedRows,
      Optional<Hold> hold,
      Instant now) {
    Map<String, List<RowRanges>> rows = new LinkedHashMap<>();
    for (Chosen each : restorer.chosen()) {
      note(rows, each.manifest(), each.manifest().segments(), each.number(), each.rows());
    }
    Map<String, List<RowRanges>> detached = new LinkedHashMap<>();
    for (ChosenDetached each : restorer.detached()) {
      note(rows, each.manifest(), each.manifest().segments(), -1, new BitSet());
      note(detached, each.manifest(), each.manifest().detached(), each.file(), each.rows());
    }
    Map<String, Map<String, Instant>> moved = new LinkedHashMap<>();
    movedRows.stream()
        .filter(each -> !each.leaving().isEmpty())
        .forEach(each -> moved.put(each.archive().toString(), each.leaving()));
    return new Intent(
        Manifest.VERSION,
        context.run(),
        now,
        List.copyOf(rows.keySet()),
        hold,
        request.map(),
        rows,
        detached,
        moved);
  }

  private static void note(
      Map<String, List<RowRanges>> chosen,
      Manifest manifest,
      List<Manifest.Segment> files,
      int number,
      BitSet rows) {
    List<RowRanges> all =
        chosen.computeIfAbsent(
            manifest.name(),
            name -> new ArrayList<>(Collections.nCopies(files.size(), RowRanges.empty())));
    if (number >= 0) {
      all.set(number, RowRanges.of(rows));
    }
  }

  private RunReport runReport(
      RestoreReport report, Instant startedAt, DatabaseSize before, Database source) {
    return new RunReport(
        report.restore(),
        "restore",
        startedAt,
        Instant.now(clock),
        report.exit(),
        report.exit() == ExitCode.STOPPED ? "Stopped as asked. Restore again to go on." : "",
        0,
        0,
        List.of(),
        before,
        source.size(),
        report.tables());
  }
}
