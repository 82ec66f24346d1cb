package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.dialect.IndexCost;
import io.tideline.health.Finding;
import io.tideline.maintenance.indexes.IndexReport;
import io.tideline.maintenance.indexes.IndexesDone;
import io.tideline.tuning.IndexStanding;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Prints how declared indexes stand, and what was done to them. */
final class IndexesPrinter {
  private final PrintStream out;
  private final Style style;

  IndexesPrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  void report(IndexReport report) {
    standings(report.declared().stream().map(IndexReport.Line::standing).toList());
    List<IndexReport.Line> lacking =
        report.declared().stream().filter(each -> each.cost().isPresent()).toList();
    if (!lacking.isEmpty()) {
      out.println();
      out.println(style.bold("What --apply would make:"));
      lacking.forEach(each -> each.cost().ifPresent(cost -> cost(each.statement(), cost)));
      Duration all =
          lacking.stream()
              .flatMap(each -> each.cost().stream())
              .map(IndexCost::time)
              .reduce(Duration.ZERO, Duration::plus);
      if (lacking.size() > 1) {
        out.println("  All of them take about " + Words.duration(all) + ".");
      }
    }
    findings("What would hold a build up now:", report.obstacles());
    findings("Needless among the real indexes:", report.findings());
    out.println();
    out.println(
        report.declared().isEmpty()
            ? "No index is declared; `indexes:` of the configuration declares them."
            : report.asDeclared()
                ? style.good("All is as declared.")
                : style.warn("Not all is as declared.")
                    + " `tideline indexes --apply` makes it so.");
  }

  private void standings(List<IndexStanding> standings) {
    if (standings.isEmpty()) {
      return;
    }
    Table table = new Table(out, style, "").text("state").text("index").text("over").number("size");
    for (IndexStanding each : standings) {
      table.row(
          each.state().word(),
          each.spec().name(),
          each.spec().over(),
          each.bytes().isPresent() ? Words.bytes(each.bytes().getAsLong()) : "");
    }
    table.end();
    for (IndexStanding each : standings) {
      if (!each.details().isEmpty()) {
        out.println(
            style.warn(each.spec().name()) + ": " + String.join("; ", each.details()) + ".");
      }
    }
  }

  private void cost(String statement, IndexCost cost) {
    out.println("  " + style.good(statement));
    out.println(
        "    takes  about "
            + Words.duration(cost.time())
            + " and "
            + Words.bytes(cost.bytes())
            + style.dim(" (a forecast by " + cost.basis() + ")"));
    out.println("    blocks " + cost.blocks());
    if (!cost.rooms().isEmpty()) {
      out.println(
          "    needs  "
              + cost.rooms().stream()
                  .map(room -> Words.bytes(room.bytes()) + " free where " + room.at() + " lies")
                  .collect(Collectors.joining(", ")));
    }
  }

  private void findings(String heading, List<Finding> findings) {
    if (!findings.isEmpty()) {
      out.println();
      out.println(style.bold(heading));
      FindingPrinter printer = new FindingPrinter(out, style);
      findings.forEach(printer::print);
    }
  }

  void done(IndexesDone done) {
    for (IndexesDone.Done each : done.done()) {
      String took = each.took().isZero() ? "" : " (" + Words.duration(each.took()) + ")";
      out.println(
          (each.failed() ? style.bad(each.index()) : style.good(each.index()))
              + ": "
              + each.what()
              + style.dim(took));
    }
    if (!done.done().isEmpty()) {
      out.println();
    }
    standings(done.declared());
    String end =
        done.asDeclared()
            ? style.good("All is as declared.")
            : style.warn("Not all is as declared.");
    out.println((done.stopped() ? style.warn("Stopped: run it again to go on. ") : "") + end);
  }
}
