package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Progress;
import io.tideline.cli.output.Words;
import io.tideline.config.ConfigFile;
import io.tideline.error.ExitCode;
import io.tideline.plan.Plan;
import io.tideline.policy.Pace;
import io.tideline.policy.Settings;
import io.tideline.policy.Span;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import io.tideline.run.RunReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Carries a plan out. */
@CommandLine.Command(
    name = "run",
    description = {
      "Archives, verifies and deletes the rows that expired.",
      "Plans, asks, archives, verifies the archive from disk, deletes exactly those rows, and"
          + " reports. What an interrupted run left is finished first. Ctrl-C ends it after the"
          + " batch in progress; nothing is lost however it ends."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline run",
      "  tideline run --yes --json          for scripts",
      "  tideline run purge.plan            a plan saved by 'tideline plan --out purge.plan'",
      "  tideline run --policy accounts --key acc-17",
      "  tideline run --yes --max-time 2h   what is left goes with the next run"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      Exits.CONFIRM,
      Exits.LEFT,
      Exits.STOPPED,
      Exits.FORBIDDEN,
      Exits.BUSY,
      Exits.CORRUPT,
      Exits.UNKNOWN,
      Exits.DEFECT
    })
final class RunCommand extends Command {
  @Mixin final Moment moment = new Moment();
  @Mixin final Choice choice = new Choice();

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "A saved plan. It is refused if it is stale: see 'tideline plan --out'.")
  @Nullable Path saved;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  boolean yes;

  @Option(
      names = "--pace",
      paramLabel = "PACE",
      description =
          "gentle: short locks and rests beside live traffic. offline: as fast as the machine"
              + " allows. By default as the configuration says.")
  Pace.@Nullable Base pace;

  @Option(
      names = "--adopt",
      description =
          "Let the archive folder serve this database although it was made for another one.")
  boolean adopt;

  @Option(
      names = "--create-indexes",
      description =
          "First make the indexes that the plan lacks to find what refers to rows that go. Without"
              + " it a run that would read too long is refused.")
  boolean createIndexes;

  @Option(
      names = "--max-time",
      paramLabel = "TIME",
      description =
          "End after the batch in which this time is over: 90s, 30m, 2h. The next run goes on.")
  @Nullable String maxTime;

  @Option(
      names = "--max-rows",
      paramLabel = "ROWS",
      description =
          "Take so many rows at most, but never a part of a tree. What an interrupted run left is"
              + " finished all the same.")
  @Nullable Long maxRows;

  @Option(names = "--any-time", description = "Run outside the windows of the configuration too.")
  boolean anyTime;

  /** What is done between the answer to the question and the run itself. */
  Runnable beforeRunning = () -> {};

  RunCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    if (saved != null && choice.any()) {
      throw badArgument(
          "Cannot choose policies for a saved plan: it has its own.",
          "Leave the plan's file or the options out.");
    }
    RunOptions options = options();
    ConfigFile config = config();
    try (RunNotices notices = RunNotices.of(config, terminal)) {
      return notices.telling(() -> run(config, options, notices));
    }
  }

  private ExitCode run(ConfigFile config, RunOptions options, RunNotices notices) {
    Settings settings = config.settings();
    RunReport report;
    Duration took;
    try (Tideline tideline = open(pace == null ? settings : settings.withPace(Pace.of(pace)))) {
      if (adopt) {
        tideline.adoptWhenWriting();
      }
      Plan plan = plan(tideline);
      confirm(plan);
      beforeRunning.run();
      try (Progress progress = progress();
          Interrupts.Listening stops = terminal.interrupts().listen(tideline::stop);
          ConfigWatch watch =
              new ConfigWatch(config, terminal.env(), tideline::stop, terminal.err())) {
        long start = System.nanoTime();
        report = tideline.run(plan, options, progress);
        took = Duration.ofNanos(System.nanoTime() - start);
      }
    }
    if (common.json) {
      printJson(Documents.run(report, took));
    } else {
      new RunPrinter(out(), style()).print(report, took);
    }
    notices.ended(report);
    return report.exit();
  }

  private RunOptions options() {
    if (maxRows != null && maxRows < 1) {
      throw badArgument("Cannot take at most " + maxRows + " rows.", "Give --max-rows 1 or more.");
    }
    return new RunOptions(
        createIndexes,
        Optional.ofNullable(maxTime).map(text -> Span.parse(text, "--max-time")),
        maxRows == null ? OptionalLong.empty() : OptionalLong.of(maxRows),
        anyTime);
  }

  private Plan plan(Tideline tideline) {
    try (Progress progress = progress()) {
      RunListener listener = progress;
      return saved == null
          ? tideline.plan(choice.selection(), moment.instant(clock()), listener)
          : tideline.loadPlan(path(saved), listener);
    }
  }

  private void confirm(Plan plan) {
    if (!common.json) {
      new PlanPrinter(out(), style()).summary(plan);
      new PlanPrinter(out(), style()).risks(plan);
      InDoubt.print(out(), style(), plan.inDoubt());
      if (createIndexes) {
        new PlanPrinter(out(), style()).indexes(plan);
      }
    }
    if (!yes && plan.rows() + plan.inDoubt() > 0) {
      new Confirmation(terminal)
          .ask(
              "Take "
                  + Words.count(plan.rows(), "row")
                  + (plan.withThem() > 0
                      ? " and " + Words.count(plan.withThem(), "row") + " of other tables"
                      : "")
                  + " ("
                  + Words.bytes(plan.bytes())
                  + ") out of the database, about "
                  + Words.duration(PlanPrinter.estimate(plan))
                  + "?");
    }
  }
}
