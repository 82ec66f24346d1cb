package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.health.Activity;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints who uses a database, and what took longest. */
final class ActivityPrinter {
  private static final int STATEMENTS = 5;

  private final PrintStream out;
  private final Style style;

  ActivityPrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  private void heading(String text) {
    out.println();
    out.println(style.bold(text));
  }

  private Table table() {
    return new Table(out, style, "");
  }

  void print(Activity activity) {
    processes(activity.processes());
    if (!activity.connections().isEmpty()) {
      String states =
          activity.connections().entrySet().stream()
              .map(each -> Words.count(each.getValue()) + " " + each.getKey())
              .collect(Collectors.joining(", "));
      String limit =
          activity.limit().isPresent() ? " of " + Words.count(activity.limit().getAsLong()) : "";
      heading("Connections" + limit + ": " + states);
    }
    statements(activity.statements(), STATEMENTS);
  }

  /** The processes that have a file open. */
  void processes(List<Activity.Opener> processes) {
    if (processes.isEmpty()) {
      return;
    }
    heading("Processes that have the file open");
    Table table = table().number("PROCESS").text("NAME").text("HOLDS");
    processes.forEach(
        each ->
            table.row(
                Long.toString(each.pid()),
                each.name(),
                each.holds().isEmpty() ? "nothing now" : each.holds()));
    table.end();
  }

  /** The first of the statements that took longest. */
  void statements(List<Activity.Statement> statements, int most) {
    if (statements.isEmpty()) {
      return;
    }
    heading("Statements that took most time");
    Table table =
        table().number("TOTAL s").number("MEAN ms").number("CALLS").number("ROWS/CALL").text("");
    for (Activity.Statement each : statements.subList(0, Math.min(most, statements.size()))) {
      table.row(
          String.format(Locale.ROOT, "%.1f", each.totalMillis() / 1000),
          String.format(Locale.ROOT, "%.2f", each.millis()),
          Words.count(each.calls()),
          Words.count(each.calls() == 0 ? 0 : each.rows() / each.calls()),
          each.text());
    }
    table.end();
  }
}
