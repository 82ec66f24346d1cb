package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.maintenance.advise.AdviceReport;
import io.tideline.maintenance.advise.IndexAdvice;
import io.tideline.maintenance.advise.QueryAdvice;
import java.io.PrintStream;
import java.util.Locale;

/** Prints which indexes would mend queries. */
final class AdvicePrinter {
  private final PrintStream out;
  private final Style style;

  AdvicePrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  void print(AdviceReport report) {
    report.indexes().forEach(this::index);
    if (!report.indexes().isEmpty()) {
      out.println("To let 'tideline indexes --apply' make them, declare them:");
      out.println();
      out.println("indexes:");
      report.indexes().forEach(each -> out.print(each.entry()));
      out.println();
    }
    Table table = new Table(out, style, "").text("QUERY").text("OUTCOME").text("BY").number("GAIN");
    for (QueryAdvice query : report.queries()) {
      table.row(
          query.query(),
          query.outcome().name().toLowerCase(Locale.ROOT),
          String.join(", ", query.indexes()),
          query.gain() > 1 ? times(query.gain()) : "");
    }
    table.end();
    for (QueryAdvice query : report.queries()) {
      if (!query.why().isEmpty()) {
        out.println();
        out.println(style.bold(query.query()) + ": " + query.why());
      }
    }
    if (!report.basis().isEmpty()) {
      out.println();
      out.println(style.dim("Planned for:"));
      report.basis().forEach(each -> out.println(style.dim("  " + each)));
    }
  }

  private void index(IndexAdvice advice) {
    out.println(style.bold(advice.index().name()) + " on " + advice.index().over());
    out.println("  for     " + String.join(", ", advice.queries()));
    out.println("  gain    about " + times(advice.gain()) + " less work, as the planner reckons");
    out.println("  size    about " + Words.bytes(advice.bytes()));
    out.println(
        "  writes  an insert into "
            + advice.table()
            + " writes to "
            + advice.written()
            + (advice.written() == 1 ? " index" : " indexes")
            + " then");
    advice
        .superfluous()
        .forEach(each -> out.println("  instead of " + each + ", which it makes superfluous"));
    out.println("  " + advice.statement());
    out.println();
  }

  private static String times(double gain) {
    return String.format(Locale.ROOT, gain < 10 ? "%,.1f times" : "%,.0f times", gain);
  }
}
