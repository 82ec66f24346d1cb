package io.tideline.cli;

import io.tideline.Tideline;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.run.RecordHead;
import io.tideline.run.RecordedLine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints the deletion record, and its head last. */
final class ProofPrinter {
  private static final int SHORT = 12;

  private final Command command;

  ProofPrinter(Command command) {
    this.command = command;
  }

  /**
   * Prints the newest lines.
   *
   * @param last how many; 0 for all
   */
  ExitCode print(Tideline tideline, int last) {
    Deque<RecordedLine> lines = new ArrayDeque<>();
    List<String> problems =
        tideline.record(
            line -> {
              lines.addLast(line);
              if (last > 0 && lines.size() > last) {
                lines.removeFirst();
              }
            });
    if (command.common.json) {
      json(lines, problems);
    } else if (lines.isEmpty() && problems.isEmpty()) {
      command.out().println("No line yet: nothing was removed.");
    } else {
      print(lines, problems);
    }
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.CORRUPTION;
  }

  private void json(Deque<RecordedLine> lines, List<String> problems) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("lines", List.copyOf(lines));
    if (!lines.isEmpty()) {
      document.put("head", head(lines));
    }
    document.put("problems", problems);
    command.printJson(document);
  }

  private static RecordHead head(Deque<RecordedLine> lines) {
    return new RecordHead(lines.getLast().number(), lines.getLast().sha256());
  }

  private void print(Deque<RecordedLine> lines, List<String> problems) {
    Table table =
        command
            .table()
            .number("LINE")
            .text("TIME")
            .text("TELLS")
            .text("POLICY")
            .text("OF")
            .number("ROWS")
            .text("SHA-256");
    for (RecordedLine line : lines) {
      table.row(
          Long.toString(line.number()),
          Words.time(line.at()),
          line.kind(),
          line.policy(),
          line.what(),
          line.rows().isPresent() ? Words.count(line.rows().getAsLong()) : "",
          line.sha256().substring(0, SHORT));
    }
    table.end();
    problems.forEach(
        problem -> command.out().println(command.style().bad("Damaged") + ": " + problem));
    if (!lines.isEmpty()) {
      command.out().println("Head: " + head(lines).display());
    }
  }
}
