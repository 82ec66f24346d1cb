package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Words;
import io.tideline.dialect.ReclaimOption;
import io.tideline.maintenance.reclaim.ReclaimPlan;
import io.tideline.maintenance.reclaim.ReclaimReport;
import java.io.PrintStream;
import java.util.stream.Collectors;

/** Prints what a reclaim would do, and what it did. */
final class ReclaimPrinter {
  private final PrintStream out;
  private final Style style;

  ReclaimPrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  void plan(ReclaimPlan plan) {
    out.println(plan.place() + " takes " + Words.bytes(plan.bytes()) + ".");
    if (!plan.leftovers().isEmpty()) {
      out.println("A reclaim that was killed left these; they are removed first:");
      plan.leftovers().forEach(each -> out.println("  " + each));
    }
    if (plan.chosen().isEmpty()) {
      out.println("There is nothing to give back without being asked by name.");
    }
    plan.chosen().forEach(this::chosen);
    for (ReclaimPlan.Left left : plan.others()) {
      out.println(style.dim("not " + name(left.option())) + ": " + left.why());
      if (left.option().possible() && left.option().gain() > 0) {
        out.println("  it would gain about " + cost(left.option()));
      }
    }
    plan.advice().forEach(each -> out.println("Note: " + each));
  }

  private void chosen(ReclaimOption option) {
    out.println(style.bold(name(option)) + ": " + option.does());
    out.println(
        "  gains  " + (option.gain() > 0 ? "about " + Words.bytes(option.gain()) : "no bytes"));
    out.println("  takes  about " + Words.duration(option.time()));
    out.println("  blocks " + option.blocks());
    out.println("  needs  " + needs(option));
  }

  private static String cost(ReclaimOption option) {
    return Words.bytes(option.gain())
        + " in about "
        + Words.duration(option.time())
        + "; it blocks: "
        + option.blocks();
  }

  private static String needs(ReclaimOption option) {
    return option.rooms().isEmpty()
        ? "no disk"
        : option.rooms().stream()
            .map(room -> Words.bytes(room.bytes()) + " free where " + room.at() + " lies")
            .collect(Collectors.joining(", "));
  }

  private static String name(ReclaimOption option) {
    return option.way().word() + (option.target().isEmpty() ? "" : " " + option.target());
  }

  void report(ReclaimReport report) {
    report.removed().forEach(each -> out.println("Removed " + each));
    for (ReclaimReport.Done done : report.done()) {
      out.println(
          style.bold(done.way().word() + (done.target().isEmpty() ? "" : " " + done.target()))
              + ": "
              + Words.bytes(done.before())
              + " to "
              + Words.bytes(done.after())
              + " in "
              + Words.duration(done.took()));
      done.notes().forEach(note -> out.println("  " + note));
    }
    String whole =
        Words.bytes(report.before()) + " before, " + Words.bytes(report.after()) + " now";
    out.println(
        (report.stopped() ? style.warn("Stopped") : style.good("Done"))
            + ": the operating system has "
            + Words.bytes(Math.abs(report.gained()))
            + (report.gained() >= 0 ? " back" : " less")
            + " ("
            + whole
            + ").");
  }
}
