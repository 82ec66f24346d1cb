package io.tideline.cli;

import io.tideline.cli.output.Words;
import io.tideline.cli.output.WorkProgress;
import io.tideline.dialect.ReclaimWay;
import io.tideline.error.ExitCode;
import io.tideline.maintenance.reclaim.Reclaim;
import io.tideline.maintenance.reclaim.ReclaimPlan;
import io.tideline.maintenance.reclaim.ReclaimReport;
import io.tideline.maintenance.reclaim.ReclaimRequest;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Gives space back to the operating system. */
@CommandLine.Command(
    name = "reclaim",
    description = {
      "Gives space that the database holds back to the operating system.",
      "Tells first what it would gain, how long it takes, whom it blocks and what disk it needs;"
          + " asks; goes the least harmful way. What a killed one left is removed first. Ctrl-C"
          + " ends it soon, with the database as usable as before."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline reclaim --plan                     tells, and changes nothing",
      "  tideline reclaim",
      "  tideline reclaim --online --to-incremental  compact a file beside live traffic, once",
      "  tideline reclaim --way vacuum --yes         in the night"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      Exits.CONFIRM,
      "4:Stopped, disk full, or a compact copy discarded; the database is as usable as before.",
      Exits.BUSY,
      Exits.CORRUPT,
      Exits.DEFECT
    })
final class ReclaimCommand extends Command {
  @Option(names = "--plan", description = "Only tell what would be done.")
  boolean plan;

  @Option(
      names = "--way",
      paramLabel = "WAY",
      description =
          "Go this way. SQLite: checkpoint, incremental, compact, vacuum. PostgreSQL: analyze,"
              + " vacuum-table, remnant, reindex, truncate.")
  @Nullable String way;

  @Option(
      names = "--online",
      description =
          "SQLite: build a compact copy beside live traffic, and bring it home under a lock far"
              + " shorter than VACUUM's.")
  boolean online;

  @Option(
      names = "--to-incremental",
      description =
          "SQLite: a file that is written anew has auto_vacuum=INCREMENTAL from then on, so that it"
              + " can shrink in short steps.")
  boolean toIncremental;

  @Option(names = "--tidy", description = "Only remove what a killed reclaim left.")
  boolean tidy;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  boolean yes;

  ReclaimCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    ReclaimRequest request =
        new ReclaimRequest(Optional.ofNullable(way).map(this::way), online, toIncremental);
    try (Reclaim reclaim = Reclaim.open(config().settings(), clock())) {
      if (tidy) {
        return tell(reclaim.tidy());
      }
      ReclaimPlan planned = reclaim.plan(request);
      if (plan || planned.isNothing()) {
        return tell(planned);
      }
      if (!common.json) {
        new ReclaimPrinter(out(), style()).plan(planned);
      }
      if (!yes) {
        new Confirmation(terminal).ask(question(planned));
      }
      try (WorkProgress progress = workProgress();
          Interrupts.Listening stops = terminal.interrupts().listen(reclaim::stop)) {
        return tell(yes ? reclaim.run(request, progress) : reclaim.run(request, planned, progress));
      }
    }
  }

  private static String question(ReclaimPlan plan) {
    return plan.gain() > 0 ? "Give about " + Words.bytes(plan.gain()) + " back?" : "Do this?";
  }

  private ReclaimWay way(String word) {
    return Arrays.stream(ReclaimWay.values())
        .filter(each -> each.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                badArgument(
                    "Cannot reclaim space by '" + word + "'.",
                    "Write one of: "
                        + Arrays.stream(ReclaimWay.values())
                            .map(ReclaimWay::word)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  private ExitCode tell(ReclaimPlan planned) {
    if (common.json) {
      printJson(planned);
    } else {
      new ReclaimPrinter(out(), style()).plan(planned);
    }
    return ExitCode.DONE;
  }

  private ExitCode tell(ReclaimReport report) {
    if (common.json) {
      printJson(report);
    } else {
      new ReclaimPrinter(out(), style()).report(report);
    }
    return report.stopped() ? ExitCode.STOPPED : ExitCode.DONE;
  }
}
