package io.tideline.cli;

import io.tideline.cli.output.RowProgress;
import io.tideline.error.ExitCode;
import io.tideline.maintenance.backfill.BackfillPlan;
import io.tideline.maintenance.backfill.BackfillReport;
import io.tideline.maintenance.backfill.Backfills;
import io.tideline.policy.Settings;
import io.tideline.policy.Span;
import io.tideline.run.RunOptions;
import io.tideline.tuning.Backfill;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes the values of a column of a live table. */
@CommandLine.Command(
    name = "backfill",
    description = {
      "Adds a column to a live table and fills it, or changes the values of one.",
      "In short steps beside live traffic; what was killed goes on with the same command. When every"
          + " row has its value it says so; --finish then removes what the backfill needed, and"
          + " --undo takes it back until then. Ctrl-C, 'tideline pause' and 'tideline stop' work as"
          + " for a run."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline backfill --plan                 tells, and changes nothing",
      "  tideline backfill window-primary",
      "  tideline backfill --finish window-primary",
      "  tideline backfill --undo window-primary"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      Exits.CONFIRM,
      "3:Rows lack their value still, or what is not the backfill's would be lost.",
      Exits.STOPPED,
      "5:The window is closed, or table or configuration are not as when it began.",
      Exits.BUSY,
      Exits.UNKNOWN,
      Exits.DEFECT
    })
final class BackfillCommand extends Command {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Which backfill; not needed if the configuration has only one.")
  @Nullable String name;

  @Option(names = "--plan", description = "Only tell what would be done, and how far it is.")
  boolean plan;

  @Option(
      names = "--finish",
      description =
          "Walk a last time, make the column NOT NULL if 'not_null' says so, and remove trigger, log"
              + " and note. It cannot be undone afterwards.")
  boolean finish;

  @Option(
      names = "--undo",
      description =
          "Put the old values back where what was written is still there, or remove the column that"
              + " was added.")
  boolean undo;

  @Option(
      names = "--discard",
      description =
          "With --undo: remove the added column even if it holds values that the backfill does not"
              + " write.")
  boolean discard;

  @Option(
      names = "--max-time",
      paramLabel = "TIME",
      description = "End after this time, between two steps: 30m, 2h.")
  @Nullable String maxTime;

  @Option(names = "--any-time", description = "Work outside the window, too.")
  boolean anyTime;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  boolean yes;

  BackfillCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    if ((finish && undo) || (discard && !undo)) {
      throw badArgument(
          "Cannot tell what to do.",
          "Give --finish or --undo alone, and --discard with --undo only.");
    }
    Settings settings = config().settings();
    try (Backfills backfills = Backfills.open(settings, clock(), options())) {
      if (plan) {
        return tellPlans(settings, backfills);
      }
      Optional<String> which = Optional.ofNullable(name);
      Backfill backfill = undo ? backfills.undoable(which) : backfills.named(which);
      if (!undo) {
        BackfillPlan planned = backfills.plan(backfill);
        if (!common.json) {
          new BackfillPrinter(out(), style()).plan(planned);
        }
      }
      if (!yes) {
        new Confirmation(terminal).ask(question(backfill));
      }
      try (RowProgress progress =
              new RowProgress(terminal.err(), terminal.errTerminal(), System::nanoTime);
          Interrupts.Listening stops = terminal.interrupts().listen(backfills::stop)) {
        return tell(
            undo
                ? backfills.undo(backfill, discard, progress)
                : finish
                    ? backfills.finish(backfill, progress)
                    : backfills.fill(backfill, progress));
      }
    }
  }

  private RunOptions options() {
    Optional<Duration> most = Optional.ofNullable(maxTime).map(t -> Span.parse(t, "--max-time"));
    return new RunOptions(false, most, OptionalLong.empty(), anyTime);
  }

  private String question(Backfill backfill) {
    if (!undo) {
      return finish ? "Finish it? It cannot be undone then." : "Do this?";
    }
    return backfill.adds()
        ? "Remove the column " + backfill.column() + " of " + backfill.table() + "?"
        : "Put the old values of " + backfill.table() + "." + backfill.column() + " back?";
  }

  private ExitCode tellPlans(Settings settings, Backfills backfills) {
    List<Backfill> meant =
        name == null ? settings.backfills() : List.of(backfills.named(Optional.of(name)));
    List<BackfillPlan> plans = new ArrayList<>();
    meant.forEach(each -> plans.add(backfills.plan(each)));
    List<String> forgotten = backfills.forgotten();
    if (common.json) {
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("backfills", plans);
      told.put("forgotten", forgotten);
      printJson(told);
    } else {
      BackfillPrinter printer = new BackfillPrinter(out(), style());
      plans.forEach(printer::plan);
      printer.forgotten(forgotten);
    }
    return ExitCode.DONE;
  }

  private ExitCode tell(BackfillReport report) {
    if (common.json) {
      printJson(report);
    } else {
      new BackfillPrinter(out(), style()).report(report);
    }
    if (report.did() == BackfillReport.Did.STOPPED) {
      return ExitCode.STOPPED;
    }
    return report.left() > 0 ? ExitCode.ROWS_LEFT : ExitCode.DONE;
  }
}
