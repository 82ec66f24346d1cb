package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Words;
import io.tideline.maintenance.backfill.BackfillPlan;
import io.tideline.maintenance.backfill.BackfillReport;
import io.tideline.tuning.BackfillState;
import java.io.PrintStream;
import java.util.List;

/** Prints what a backfill would do, and what it did. */
final class BackfillPrinter {
  private final PrintStream out;
  private final Style style;

  BackfillPrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  void plan(BackfillPlan plan) {
    out.println(style.bold(plan.name()) + " " + plan.does());
    out.println(
        "  rows      " + (plan.rows() == 0 ? "not known" : "about " + Words.count(plan.rows())));
    out.println("  new rows  " + plan.newRows());
    out.println("  state     " + plan.state().map(BackfillPrinter::state).orElse("not begun"));
    plan.notes().forEach(note -> out.println("  Note: " + note));
  }

  private static String state(BackfillState state) {
    return state.phase().word()
        + ", walk "
        + state.pass()
        + ": "
        + Words.count(state.walked(), "row")
        + " seen, "
        + Words.count(state.changed(), "value")
        + " written in all";
  }

  void forgotten(List<String> names) {
    names.forEach(
        name ->
            out.println(
                "Note: the backfill '"
                    + name
                    + "' has begun in this database, and the configuration does not have it. Put it"
                    + " back there to finish it, or take it back: tideline backfill --undo "
                    + name));
  }

  void report(BackfillReport report) {
    out.println(headline(report));
    if (report.did() != BackfillReport.Did.UNDONE) {
      out.println("  left      " + Words.count(report.left(), "row"));
      out.println(
          "  compared  "
              + Words.count(report.compared(), "row")
              + ", "
              + Words.count(report.different())
              + " different");
    }
    report.notes().forEach(note -> out.println("  Note: " + note));
  }

  private String headline(BackfillReport report) {
    String values = Words.count(report.changed(), "value");
    return switch (report.did()) {
      case NOTHING -> style.good("Done") + ": no row of '" + report.name() + "' is to be changed.";
      case FILLED ->
          style.good("Filled")
              + ": "
              + values
              + " written, "
              + Words.count(report.rows(), "row")
              + " verified. When the application writes the value itself: tideline backfill --finish "
              + report.name();
      case FINISHED ->
          style.good("Finished")
              + ": "
              + values
              + " written in all, "
              + Words.count(report.rows(), "row")
              + " verified; nothing of it is left in the database.";
      case UNDONE ->
          style.good("Undone")
              + ": "
              + values
              + " put back, "
              + Words.count(report.left(), "row")
              + " left as they are; nothing of it is left in the database.";
      case STOPPED -> style.warn("Stopped") + ": " + values + " written; the same command goes on.";
    };
  }
}
