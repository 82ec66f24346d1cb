package io.tideline.core.run;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.ArchiveIdentity;
import io.tideline.core.archive.ArchiveLock;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.Strays;
import io.tideline.core.guard.Guards;
import io.tideline.core.plan.SavedPlans;
import io.tideline.core.plan.Unindexed;
import io.tideline.core.record.DeletionRecord;
import io.tideline.core.restore.Settlement;
import io.tideline.core.work.Control;
import io.tideline.core.work.Orders;
import io.tideline.core.work.Pacer;
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
import io.tideline.plan.Plan;
import io.tideline.policy.Settings;
import io.tideline.policy.Window;
import io.tideline.run.PolicyReport;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** Carries plans out, one run at a time, under the database's lease. */
public final class Executor {
  private final Database database;
  private final Settings settings;
  private final ArchiveFolder archive;
  private final Formats formats;
  private final Clock clock;
  private final AtomicBoolean stopping;
  private final Guards guards;

  /** An executor for an open database and its archive. */
  public Executor(
      Database database,
      Settings settings,
      ArchiveFolder archive,
      Formats formats,
      Clock clock,
      AtomicBoolean stopping) {
    this.database = database;
    this.settings = settings;
    this.archive = archive;
    this.formats = formats;
    this.clock = clock;
    this.stopping = stopping;
    this.guards = new Guards(database, settings, archive, clock);
  }

  /**
   * Finishes interrupted runs, then carries out a plan.
   *
   * @param options whether missing indexes are made first, and its limits
   * @return the report; its exit code and failure tell whether it came to its end
   * @throws TidelineException if it could not begin: nothing was changed then
   */
  public RunReport run(Plan plan, RunOptions options, RunListener listener) {
    Preconditions.writable(database);
    Preconditions.clock(database, clock);
    if (!options.createIndexes()) {
      Unindexed.refuse(plan, settings.pace());
    }
    Instant startedAt = Instant.now(clock);
    if (!options.anyTime()) {
      Windows.refuse(plan, settings, startedAt);
    }
    guards.refuse(plan, this::inDoubt);
    String run = RunId.at(startedAt);
    Orders orders = new Orders(settings.state());
    try (Lease lease = database.acquireLease();
        ArchiveLock lock = ArchiveLock.acquire(archive);
        Writer writer = lease.openWriter(settings.pace());
        Telling telling = new Telling(orders, run, "run", clock, listener)) {
      ArchiveIdentity identity = lock.claim(lease.identity(), startedAt);
      RunContext context =
          new RunContext(
              run,
              database,
              lease,
              archive,
              identity,
              formats,
              settings.pace(),
              clock,
              plan.now(),
              telling,
              DeletionRecord.open(archive, identity, SavedPlans.digest(plan), clock, telling),
              new Control(stopping, orders, run, options, clock));
      telling.stepped(Step.LEASED);
      new Settlement(context, writer).settle();
      return new Body(context, writer, plan, options, startedAt).go();
    }
  }

  private List<String> inDoubt() {
    return archive.manifests().stream()
        .filter(entry -> !entry.closed())
        .map(entry -> entry.manifest().policy())
        .distinct()
        .toList();
  }

  /** One run under way. */
  private final class Body {
    private final RunContext context;
    private final Writer writer;
    private final Plan plan;
    private final boolean createIndexes;
    private final Instant startedAt;
    private final RuleSource source;
    private final Resumer resumer;
    private final Pacer pacer;
    private final DatabaseSize before;
    private final List<PolicyTotals> totals = new ArrayList<>();

    Body(RunContext context, Writer writer, Plan plan, RunOptions options, Instant startedAt) {
      this.createIndexes = options.createIndexes();
      this.context = context;
      this.writer = writer;
      this.plan = plan;
      this.startedAt = startedAt;
      this.before = database.size();
      this.source = new RuleSource(database, settings, archive, formats, plan.now(), plan.now());
      this.pacer = Pacer.of(context, writer);
      this.resumer = new Resumer(context, writer, source, plan.selection(), pacer);
    }

    RunReport go() {
      ExitCode exit = ExitCode.DONE;
      String failure = "";
      try (pacer) {
        tidy(file -> true);
        pacer.use(settings.terms());
        List<String> interrupted = guards.acting(plan, inDoubt());
        context.control().guard(() -> guards.judgeAgain(interrupted));
        context.control().begin(firstToClose(interrupted));
        resumer.resume();
        if (createIndexes) {
          new IndexMaking(context, writer, source, pacer).make(plan);
        }
        new PolicyRuns(context, writer, plan, source, resumer, pacer, totals, guards).go();
        writer.tidy().ifPresent(each -> context.listener().on(new RunEvent.Noted(each)));
      } catch (CatalogueChanged e) {
        exit = ExitCode.STOPPED;
        failure =
            "A table changed while its rows were read. Nothing was deleted since; archived rows stay live."
                + " Run again: the next run looks at the table as it is now.";
      } catch (TidelineException e) {
        if (!begun()) {
          throw e;
        }
        boolean stopped = e.code() == ErrorCode.DATABASE_BUSY && context.control().stopping();
        exit = stopped ? ExitCode.DONE : e.code().exitCode(); // told below
        failure = stopped ? "" : e.getMessage();
      }
      tidyOwn();
      if (exit == ExitCode.DONE && context.control().forbidden().isPresent()) {
        exit = ExitCode.FORBIDDEN;
        failure = String.valueOf(context.control().forbidden().get().getMessage());
      }
      String stopped = context.control().why();
      if (exit == ExitCode.DONE && !stopped.isEmpty()) {
        exit = ExitCode.STOPPED;
        failure = context.control().ending() + stopped + ". Run again to go on.";
      }
      return report(exit, failure);
    }

    /** What an earlier run left goes on in the hours of its policies, where they are open. */
    private Optional<Window> firstToClose(List<String> policies) {
      Instant now = Instant.now(clock);
      return policies.stream()
          .flatMap(policy -> settings.termsOf(policy).window().stream())
          .filter(each -> each.open(now))
          .min(Comparator.comparing(each -> each.closes(now)));
    }

    private boolean begun() {
      return resumer.begun() || !totals.isEmpty();
    }

    /** Removes what a killed run left: files that have no name of their own yet. */
    private void tidy(Predicate<Path> chosen) {
      for (Path file : new Strays(archive).leftovers()) {
        try {
          if (chosen.test(file)) {
            archive.storage().delete(file);
          }
        } catch (IOException e) {
          throw ArchiveFailure.writing(file, e);
        }
      }
    }

    /**
     * A segment that this run did not seal, because it failed or began again, is nothing; once it
     * has a report, nobody could tell. The lease may be lost by now, so another run's files are not
     * touched.
     */
    private void tidyOwn() {
      Path own = archive.runFolder(context.run());
      try {
        tidy(file -> own.equals(file.getParent()));
      } catch (TidelineException e) {
        context.listener().on(new RunEvent.Noted(e.what()));
      }
    }

    private RunReport report(ExitCode exit, String failure) {
      List<PolicyReport> policies = totals.stream().map(PolicyTotals::report).toList();
      RunReport report =
          new RunReport(
                  context.run(),
                  "run",
                  startedAt,
                  Instant.now(clock),
                  exit == ExitCode.DONE ? done(policies) : exit,
                  failure,
                  resumer.closed(),
                  resumer.removed(),
                  policies,
                  before,
                  sizeAfter(exit),
                  List.of(),
                  pacer.pacing(),
                  null)
              .noting(context.record().head());
      archive.writeOnce(context.run(), "report.json", report, () -> {});
      context.listener().stepped(Step.REPORTED);
      return report;
    }

    private ExitCode done(List<PolicyReport> policies) {
      if (policies.stream().anyMatch(policy -> !policy.skipped().isEmpty())) {
        return ExitCode.FORBIDDEN;
      }
      boolean left =
          policies.stream().anyMatch(policy -> policy.left() > 0)
              || archive.manifests().stream().anyMatch(entry -> !entry.closed());
      return left ? ExitCode.ROWS_LEFT : ExitCode.DONE;
    }

    /** After a failure the database may not answer: then the size before stands. */
    private DatabaseSize sizeAfter(ExitCode exit) {
      try {
        return database.size();
      } catch (TidelineException e) {
        if (exit == ExitCode.DONE) {
          throw e;
        }
        return before;
      }
    }
  }
}
