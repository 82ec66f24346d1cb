package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.run.PolicyReport;
import io.tideline.run.RunReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Lists earlier runs and restores. */
@CommandLine.Command(
    name = "history",
    description = {"Lists earlier runs and restores, oldest first.", "Changes nothing."},
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline history --last 10",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.DEFECT})
final class HistoryCommand extends Command {
  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "50",
      description = "Only the newest N; 50 by default, 0 for all.")
  int last;

  HistoryCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    if (last < 0) {
      throw badArgument("Cannot show the last " + last + " runs.", "Give 0 or more to --last.");
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
            .text("POLICIES");
    for (RunReport report : reports) {
      table.row(
          report.run(),
          report.kind(),
          Words.time(report.startedAt()),
          Words.duration(Duration.between(report.startedAt(), report.finishedAt())),
          Words.count(report.removed()),
          Words.bytes(report.policies().stream().mapToLong(PolicyReport::bytes).sum()),
          Words.count(report.policies().stream().mapToLong(PolicyReport::left).sum()),
          Integer.toString(report.exit().number()),
          String.join(", ", report.policies().stream().map(PolicyReport::policy).toList()));
    }
    table.end();
  }
}
