package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.error.ExitCode;
import io.tideline.plan.Kept;
import io.tideline.policy.Action;
import io.tideline.run.PolicyReport;
import io.tideline.run.RunReport;
import java.io.PrintStream;
import java.time.Duration;

/** Prints what a run did. */
final class RunPrinter {
  private final PrintStream out;
  private final Style style;

  RunPrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  /**
   * Prints all of it.
   *
   * @param took how long it took by this machine's clock, whatever {@code --now} says
   */
  void print(RunReport report, Duration took) {
    out.println();
    out.println(verdict(report.exit()) + "  " + style.dim("run " + report.run()));
    if (!report.failure().isEmpty()) {
      out.println(report.failure());
    }
    if (report.resumed() > 0) {
      out.println(
          "Finished first what an earlier run left: "
              + Words.count(report.resumed(), "segment")
              + ".");
    }
    table(report);
    report.policies().forEach(this::kept);
    report.policies().stream()
        .filter(each -> !each.skipped().isEmpty())
        .forEach(
            each ->
                out.println(
                    style.warn(each.policy() + ": not carried out: " + each.skipped() + ".")));
    space(report, took);
  }

  private String verdict(ExitCode exit) {
    return switch (exit) {
      case DONE -> style.good("Done.");
      case ROWS_LEFT -> style.warn("Done, but rows were left against the request; see below.");
      case STOPPED -> style.warn("Stopped. Nothing is lost.");
      case OUTCOME_UNKNOWN ->
          style.bad("The answer to a commit was lost. Nothing is lost; run again to find out.");
      default -> style.bad("Ended with exit code " + exit.number() + ". Nothing is lost.");
    };
  }

  private void table(RunReport report) {
    Table table =
        new Table(out, style, "")
            .text("POLICY")
            .text("TABLE")
            .text("ACTION")
            .number("ARCHIVED")
            .number("REMOVED")
            .number("BYTES")
            .number("SEGMENTS")
            .number("ARCHIVE");
    for (PolicyReport policy : report.policies()) {
      table.row(
          policy.policy(),
          policy.table(),
          policy.action().word(),
          Words.count(policy.archived()),
          Words.count(policy.removed()),
          Words.bytes(policy.bytes()),
          Words.count(policy.segments()),
          Words.bytes(policy.archiveBytes()));
    }
    table.end();
  }

  private void kept(PolicyReport policy) {
    if (!policy.partitions().isEmpty()) {
      out.println(
          policy.policy()
              + ": dropped "
              + Words.count(policy.partitions().size(), "partition")
              + " whole: "
              + String.join(", ", policy.partitions()));
    }
    if (policy.gone() > 0) {
      out.println(
          policy.policy()
              + ": "
              + Words.count(policy.gone(), "row")
              + (policy.gone() == 1 ? " was" : " were")
              + " deleted by the application before Tideline could"
              + (policy.action() == Action.ARCHIVE ? "; marked 'gone' in the archive." : "."));
    }
    for (Kept kept : policy.kept()) {
      if (kept.rows() == 0) {
        continue;
      }
      String line =
          policy.policy()
              + ": "
              + Words.count(kept.rows(), "row")
              + (kept.rows() == 1 ? " stays, " : " stay, ")
              + kept.reason().word()
              + ": "
              + Reasons.text(kept, policy.policy())
              + (Reasons.usual(kept.reason()) || kept.examples().isEmpty()
                  ? ""
                  : "; for example key " + String.join("; ", kept.examples()));
      out.println(Reasons.usual(kept.reason()) ? style.dim(line) : style.warn(line));
    }
  }

  private void space(RunReport report, Duration took) {
    double seconds = Math.max(0.001, took.toMillis() / 1000.0);
    String rate =
        report.removed() > 0
            ? " (" + Words.count((long) (report.removed() / seconds)) + " rows/s)"
            : "";
    out.println("Took " + Words.duration(took) + rate + ".");
    if (report.pacing() != null) {
      new PacingPrinter(out, style).print(report.pacing(), took);
    }
    out.println("Database before: " + Sizes.display(report.before()) + ".");
    out.println("Database after:  " + Sizes.display(report.after()) + ".");
    long freed = report.after().free() - report.before().free();
    if (freed > 0) {
      out.println(
          Words.bytes(freed)
              + " became free inside the file and will be used again; a VACUUM would return "
              + Words.bytes(report.after().free())
              + " to the disk.");
    }
  }
}
