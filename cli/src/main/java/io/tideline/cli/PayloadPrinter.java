package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.plan.Finding;
import io.tideline.plan.PayloadPlan;
import io.tideline.plan.PayloadPlan.Amount;
import io.tideline.run.PayloadSweep;
import java.io.PrintStream;

/** Prints how a payload store stands, and what a sweep did. */
final class PayloadPrinter {
  private final PrintStream out;
  private final Style style;

  PayloadPrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  void plan(PayloadPlan plan) {
    out.println("Payload store " + plan.folder());
    out.println(
        "Now is "
            + Words.time(plan.now())
            + "; "
            + plan.cutoff()
                .map(cutoff -> "references of roots that ended before " + Words.time(cutoff))
                .map(text -> text + " hold nothing.")
                .orElse("every live reference holds its file."));
    Table table = new Table(out, style, "  ").text("").number("FILES").number("BYTES").text("");
    row(table, "in their place", plan.files(), "");
    row(table, "held", plan.held(), "a reference holds them");
    row(table, "released", plan.released(), "only references that hold no more");
    row(table, "orphans", plan.orphans(), "nothing known ever referred to them");
    row(table, "young", plan.young(), "of these, not older than the grace");
    row(table, "go", plan.goes(), "a sweep moves them to the trash");
    row(table, "in the trash", plan.trash(), "");
    row(table, "misfiled", plan.misfiled(), "named by a hash, elsewhere; never touched");
    row(table, "strange", plan.strange(), "other names; never touched");
    row(table, "links", plan.links(), "no regular files; never followed");
    table.end();
    columns(plan);
    plan.findings().forEach(this::finding);
  }

  private void columns(PayloadPlan plan) {
    Table table =
        new Table(out, style, "  ")
            .text("COLUMN")
            .number("ROWS")
            .number("NONE")
            .number("REFERENCES")
            .number("HOLDING")
            .number("MISSING")
            .number("NO ROOT")
            .number("MALFORMED")
            .text("FOR EXAMPLE");
    for (PayloadPlan.Column column : plan.columns()) {
      table.row(
          column.column(),
          Words.count(column.rows()),
          Words.count(column.none()),
          Words.count(column.references()),
          Words.count(column.holding()),
          Words.count(column.missing()),
          Words.count(column.rootless()),
          Words.count(column.malformed()),
          String.join("; ", column.examples()));
    }
    table.end();
  }

  private void finding(Finding finding) {
    out.println("  " + style.warn("finding " + finding.code()) + ": " + finding.what());
    if (!finding.mend().isEmpty()) {
      out.println("    mend: " + finding.mend());
    }
  }

  void sweep(PayloadSweep sweep) {
    String verdict =
        sweep.exit() == ExitCode.DONE
            ? style.good("Done.")
            : sweep.exit() == ExitCode.STOPPED
                ? style.warn("Stopped. Nothing is lost; the next sweep goes on.")
                : style.warn("Done, but not everything could be done; see below.");
    out.println(verdict + "  " + style.dim("sweep " + sweep.run()));
    Table table = new Table(out, style, "  ").text("").number("FILES").number("BYTES").text("");
    row(table, "to the trash", sweep.trashed(), "");
    row(table, "put back", sweep.returned(), "a reference holds them again");
    row(table, "removed", sweep.removed(), "'tideline payloads report' shows the record");
    row(table, "waiting", sweep.waiting(), "in the trash until the grace is over");
    table.end();
    sweep.problems().forEach(problem -> out.println("  " + style.warn(problem)));
  }

  private static void row(Table table, String name, Amount amount, String remark) {
    table.row(name, Words.count(amount.files()), Words.bytes(amount.bytes()), remark);
  }
}
