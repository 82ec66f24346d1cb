package io.tideline.core.restore;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.ArchiveIdentity;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.HoldBook;
import io.tideline.core.archive.Intent;
import io.tideline.core.archive.Manifest;
import io.tideline.core.run.Preconditions;
import io.tideline.core.run.RunContext;
import io.tideline.core.run.RunId;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseSize;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import io.tideline.run.Hold;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Carries a restore out: into the source with intent, hold and mark, or into another database. */
public final class RestoreRun {
  private final ArchiveFolder archive;
  private final Formats formats;
  private final Clock clock;
  private final RunListener listener;
  private final AtomicBoolean stopping;

  /** A restore from an archive. */
  public RestoreRun(
      ArchiveFolder archive,
      Formats formats,
      Clock clock,
      RunListener listener,
      AtomicBoolean stopping) {
    this.archive = archive;
    this.formats = formats;
    this.clock = clock;
    this.listener = listener;
    this.stopping = stopping;
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
    try (Lease lease = source.acquireLease();
        Writer writer = lease.openWriter()) {
      ArchiveIdentity identity = archive.claim(lease.identity(), now);
      RunContext context = context(source, identity, now);
      listener.stepped(Step.LEASED);
      DatabaseSize before = source.size();
      new Settlement(context).settle();
      List<Chosen> chosen = new Choice(archive, formats, request, where).segments();
      Optional<Hold> hold = intend(context, request, chosen, now);
      Restorer restorer = new Restorer(context, writer, request);
      RestoreReport report = restorer.restore(chosen, hold.flatMap(Hold::until));
      restorer.mark();
      archive.writeOnce(
          context.run(), "report.json", runReport(report, now, before, source), () -> {});
      return report;
    }
  }

  /**
   * Restores into another database; the archive is only read.
   *
   * @throws TidelineException {@code RESTORE_IMPOSSIBLE} if it is the source itself
   */
  public RestoreReport intoOther(Database target, RestoreRequest request, Map<Path, BitSet> where) {
    Preconditions.writable(target);
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
        Writer writer = lease.openWriter()) {
      if (lease.identity().sameAs(identity.source())) {
        throw new TidelineException(
            ErrorCode.RESTORE_IMPOSSIBLE,
            "Cannot restore --into the source itself.",
            "Nothing was changed.",
            "Leave --into out: the rows then come back to the source and leave the archive's view.");
      }
      RunContext context = context(target, identity, Instant.now(clock));
      listener.stepped(Step.LEASED);
      return new Restorer(context, writer, request)
          .restore(new Choice(archive, formats, request, where).segments(), Optional.empty());
    }
  }

  private RunContext context(Database database, ArchiveIdentity identity, Instant now) {
    return new RunContext(
        RunId.at(now),
        database,
        archive,
        identity,
        formats,
        Pace.GENTLE,
        clock,
        now,
        listener,
        stopping);
  }

  /** Writes down what is about to happen, and holds the rows, before the first commit. */
  private Optional<Hold> intend(
      RunContext context, RestoreRequest request, List<Chosen> chosen, Instant now) {
    Optional<Hold> hold = Optional.empty();
    if (!request.hold().isZero()) {
      HoldBook book = new HoldBook(archive.root(), archive.storage());
      for (String table :
          chosen.stream().map(each -> each.segment().table().toString()).distinct().toList()) {
        Hold each =
            new Hold(
                RunId.at(now),
                table,
                List.of(),
                Optional.empty(),
                Optional.of(context.run()),
                "restored",
                now,
                Optional.of(now.plus(request.hold())));
        book.place(each);
        hold = Optional.of(each);
      }
    }
    archive.writeOnce(
        context.run(),
        "intent.json",
        new Intent(
            Manifest.VERSION,
            context.run(),
            now,
            chosen.stream().map(each -> each.manifest().name()).distinct().toList(),
            hold),
        () -> {});
    listener.stepped(Step.RESTORE_INTENDED);
    return hold;
  }

  private RunReport runReport(
      RestoreReport report, Instant startedAt, DatabaseSize before, Database source) {
    return new RunReport(
        report.restore(),
        "restore",
        startedAt,
        Instant.now(clock),
        report.exit(),
        "",
        0,
        0,
        List.of(),
        before,
        source.size());
  }
}
