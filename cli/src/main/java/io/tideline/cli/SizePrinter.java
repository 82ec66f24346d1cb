package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.maintenance.advise.SizeReport;
import io.tideline.maintenance.advise.SizeReport.Sized;
import io.tideline.tuning.Breach;
import java.io.PrintStream;
import java.util.List;

/** Prints which queries can, and which will, be as expected at a size. */
final class SizePrinter {
  private final PrintStream out;
  private final Style style;

  SizePrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  void print(SizeReport report) {
    Table table = new Table(out, style, "").text("QUERY").text("CAN").text("WILL");
    for (Sized query : report.queries()) {
      table.row(query.query(), word(query, query.cannot()), word(query, query.willNot()));
    }
    table.end();
    for (Sized query : report.queries()) {
      if (!query.failure().isEmpty()) {
        out.println();
        out.println(style.bold(query.query()) + ": " + query.failure());
      }
      if (!query.willNot().isEmpty()) {
        out.println();
        out.println(style.bold(query.query()) + ":");
        query.willNot().forEach(this::breach);
        if (query.cannot().isEmpty()) {
          out.println("  With larger tables it would be as expected.");
        }
      }
    }
    out.println();
    out.println(style.dim("Planned for:"));
    report.basis().forEach(each -> out.println(style.dim("  " + each)));
  }

  private void breach(Breach breach) {
    out.println(
        "  " + breach.why() + (breach.culprit().isEmpty() ? "" : " (" + breach.culprit() + ")"));
  }

  private static String word(Sized query, List<Breach> breaches) {
    if (!query.failure().isEmpty()) {
      return "failed";
    }
    if (!query.judged()) {
      return "not judged";
    }
    return breaches.isEmpty() ? "yes" : "no";
  }
}
