package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.run.ArchivedSegment;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Lists the sealed segments. */
@CommandLine.Command(
    name = "archives",
    description = {
      "Lists the sealed segments.",
      "Oldest first: their rows, what became of them, the span of their times. Changes nothing."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = Exits.EXAMPLE,
    footer = "  tideline archives --table request_logs",
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.INPUT, Exits.DEFECT})
final class ArchivesCommand extends Command {
  @Option(names = "--table", paramLabel = "TABLE", description = "Only segments of this table.")
  String only = "";

  ArchivesCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    List<ArchivedSegment> segments;
    try (Tideline tideline = open()) {
      segments = tideline.archives();
    }
    segments =
        segments.stream().filter(s -> only.isEmpty() || s.table().equalsIgnoreCase(only)).toList();
    if (common.json) {
      printJson(Map.of("segments", segments));
    } else if (segments.isEmpty()) {
      out().println("No segment is sealed yet.");
    } else {
      print(segments);
    }
    return ExitCode.DONE;
  }

  private void print(List<ArchivedSegment> segments) {
    Table table =
        table()
            .text("SEGMENT")
            .text("TABLE")
            .number("ROWS")
            .number("DELETED")
            .number("GONE")
            .number("CHANGED")
            .number("KEPT")
            .number("RESTORED")
            .number("BYTES")
            .text("OLDEST")
            .text("NEWEST")
            .text("STATE");
    for (ArchivedSegment segment : segments) {
      table.row(
          segment.segment(),
          segment.table(),
          Words.count(segment.rows()),
          Words.count(segment.deleted()),
          Words.count(segment.gone()),
          Words.count(segment.changed()),
          Words.count(segment.kept()),
          Words.count(segment.restored()),
          Words.bytes(segment.bytes()),
          Words.time(segment.oldest()),
          Words.time(segment.newest()),
          segment.closed() ? "closed" : "in doubt");
    }
    table.end();
    int open = (int) segments.stream().filter(s -> !s.closed()).count();
    InDoubt.print(out(), style(), open);
  }
}
