package io.tideline.cli;

import io.tideline.cli.output.Words;
import io.tideline.cli.output.WorkProgress;
import io.tideline.error.ExitCode;
import io.tideline.maintenance.partitions.MoveReport;
import io.tideline.maintenance.partitions.TableMove;
import io.tideline.policy.Span;
import io.tideline.run.RunOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves a plain table to a partitioned one. */
@CommandLine.Command(
    name = "move",
    description = {
      "Moves a plain table to a partitioned one beside live traffic, in steps that are asked for one"
          + " by one: without an option it makes a partitioned copy and fills it.",
      "Each step may be killed and called again, and tells what comes next and what the way back is."
          + " Ctrl-C, 'tideline pause' and 'tideline stop' work as for a run."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline partitions move logs                          copies; the table stays as it is;",
      "                                                         after the switch the old one follows",
      "  tideline partitions move logs --switch                 compares, and exchanges the names",
      "  tideline partitions move logs --undo                   the way back, from either",
      "  tideline partitions move logs --finish --drop-before   ends it, and drops the old table"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      Exits.CONFIRM,
      "4:Stopped, or connection lost; call the same again.",
      "5:Going on would not be safe, or the window is closed; nothing done by it.",
      Exits.BUSY,
      Exits.UNKNOWN,
      Exits.DEFECT
    })
final class PartitionsMoveCommand extends Command {
  @Parameters(paramLabel = "NAME", description = "The name of the table's rule in 'partitions'.")
  String name = "";

  @Option(names = "--status", description = "Only tell how far it is.")
  boolean status;

  @Option(
      names = "--switch",
      description = "Compare every row, and let the partitioned table have the name.")
  boolean exchange;

  @Option(
      names = "--undo",
      description =
          "Before the switch, remove the copy; after it, give the old table its name back, with all"
              + " rows that were written since.")
  boolean undo;

  @Option(names = "--finish", description = "After the switch, end the following.")
  boolean finish;

  @Option(names = "--drop-before", description = "With --finish, drop the old table.")
  boolean drop;

  @Option(
      names = "--max-time",
      paramLabel = "TIME",
      description = "End after this time, between two batches: 30m, 2h.")
  @Nullable String maxTime;

  @Option(names = "--any-time", description = "Work outside the window, too.")
  boolean anyTime;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  boolean yes;

  PartitionsMoveCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    if (Stream.of(status, exchange, undo, finish).filter(each -> each).count() > 1) {
      throw badArgument(
          "Cannot take several steps at once.",
          "Give one of --status, --switch, --undo, --finish.");
    }
    if (drop && !finish) {
      throw badArgument("Cannot drop the old table before the end.", "Give --finish too.");
    }
    MoveReport report;
    try (TableMove move = TableMove.open(config().settings(), name, clock(), options())) {
      if (!yes && (exchange || undo || finish)) {
        MoveReport now = move.look();
        new Confirmation(terminal)
            .ask(
                "It is "
                    + phase(now)
                    + ". "
                    + (drop
                        ? "End it, and drop " + now.status().before() + "?"
                        : exchange
                            ? "Exchange the names?"
                            : undo ? "Take the way back?" : "End the following?"));
      }
      try (WorkProgress progress = workProgress();
          Interrupts.Listening stops = terminal.interrupts().listen(move::stop)) {
        report = take(move, progress);
      }
    }
    if (common.json) {
      printJson(report);
    } else {
      print(report);
    }
    return report.exit();
  }

  private RunOptions options() {
    Optional<Duration> most = Optional.ofNullable(maxTime).map(t -> Span.parse(t, "--max-time"));
    return new RunOptions(false, most, OptionalLong.empty(), anyTime);
  }

  private MoveReport take(TableMove move, WorkProgress progress) {
    if (status) {
      return move.look();
    }
    if (exchange) {
      return move.exchange(progress);
    }
    if (undo) {
      return move.undo(progress);
    }
    return finish ? move.finish(drop, progress) : move.fill(progress);
  }

  private static String phase(MoveReport report) {
    return report.status().phase().name().toLowerCase(Locale.ROOT);
  }

  private void print(MoveReport report) {
    report.done().forEach(each -> out().println("  " + each));
    out()
        .println(
            style().bold(report.status().table().toString())
                + ": "
                + phase(report)
                + ", "
                + Words.count(report.status().copied(), "row")
                + " copied, "
                + Words.count(report.status().pending(), "change")
                + " noted");
    report.next().forEach(out()::println);
  }
}
