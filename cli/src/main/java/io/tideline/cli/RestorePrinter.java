package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.run.RestoreReport;
import java.io.PrintStream;

/** Prints what a restore did. */
final class RestorePrinter {
  private final PrintStream out;
  private final Style style;

  RestorePrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  void print(RestoreReport report) {
    String verdict =
        switch (report.exit()) {
          case DONE -> style.good("Restored");
          case ROWS_LEFT -> style.warn("Restored, but rows were left");
          default -> style.warn("Stopped; restore again to go on. Restored");
        };
    out.println(
        verdict
            + ": "
            + Words.count(report.restored(), "row")
            + "  "
            + style.dim("restore " + report.restore()));
    Table table =
        new Table(out, style, "")
            .text("TABLE")
            .number("INSERTED")
            .number("IDENTICAL")
            .number("OVERWRITTEN")
            .number("DIFFERENT")
            .number("REFUSED")
            .text("EXAMPLES");
    for (RestoreReport.OfTable of : report.tables()) {
      table.row(
          of.table(),
          Words.count(of.inserted()),
          Words.count(of.identical()),
          Words.count(of.overwritten()),
          Words.count(of.different()),
          Words.count(of.refused()),
          String.join("; ", of.examples()));
    }
    if (!report.tables().isEmpty()) {
      table.end();
    }
    report.notes().forEach(note -> out.println("Note: " + note));
    report
        .heldUntil()
        .ifPresent(
            until ->
                out.println(
                    "Runs leave these rows alone until "
                        + Words.time(until)
                        + "; see 'tideline hold list'."));
  }
}
