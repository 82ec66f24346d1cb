package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.run.PolicyReport;
import io.tideline.run.RestoreReport;
import io.tideline.run.RunReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Lists earlier runs and restores. */
@CommandLine.Command(
    name = "history",
    description = {
      "Lists earlier runs and restores, oldest first.",
      "With --proof, the lines of the deletion record: what left the database, each line bound to"
          + " the one before by its SHA-256. Changes nothing."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline history --last 10",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.CORRUPT, Exits.DEFECT})
final class HistoryCommand extends Command {
  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "50",
      description = "Only the newest N; 50 by default, 0 for all.")
  int last;

  @Option(
      names = "--proof",
      description =
          "Lists the deletion record. Note its head elsewhere: 'tideline verify --ledger --head'"
              + " finds any later change.")
  boolean proof;

  HistoryCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    if (last < 0) {
      throw badArgument("Cannot show the last " + last + " runs.", "Give 0 or more to --last.");
    }
    if (proof) {
      try (Tideline tideline = open()) {
        return new ProofPrinter(this).print(tideline, last);
      }
    }
    List<RunReport> reports;
    try (Tideline tideline = open()) {
      reports = tideline.history();
      sayInDoubt(tideline);
    }
    List<RunReport> shown =
        last == 0 || reports.size() <= last
            ? reports
            : reports.subList(reports.size() - last, reports.size());
    if (common.json) {
      printJson(Map.of("runs", shown));
    } else if (shown.isEmpty()) {
      out().println("No run yet.");
    } else {
      print(shown);
    }
    return ExitCode.DONE;
  }

  private void print(List<RunReport> reports) {
    Table table =
        table()
            .text("RUN")
            .text("KIND")
            .text("STARTED")
            .number("TOOK")
            .number("ROWS")
            .number("BYTES")
            .number("LEFT")
            .number("EXIT")
            .text("POLICIES OR TABLES");
    for (RunReport report : reports) {
      table.row(
          report.run(),
          report.kind(),
          Words.time(report.startedAt()),
          Words.duration(Duration.between(report.startedAt(), report.finishedAt())),
          Words.count(report.removed() + report.restoredRows()),
          Words.bytes(report.policies().stream().mapToLong(PolicyReport::bytes).sum()),
          Words.count(left(report)),
          Integer.toString(report.exit().number()),
          names(report));
    }
    table.end();
  }

  private static long left(RunReport report) {
    return report.policies().stream().mapToLong(PolicyReport::left).sum()
        + report.restored().stream().mapToLong(each -> each.different() + each.refused()).sum();
  }

  /** The policies of a run, the tables of a restore. */
  private static String names(RunReport report) {
    return Stream.concat(
            report.policies().stream().map(PolicyReport::policy),
            report.restored().stream().map(RestoreReport.OfTable::table))
        .collect(Collectors.joining(", "));
  }
}
