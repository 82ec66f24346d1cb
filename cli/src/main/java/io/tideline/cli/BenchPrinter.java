package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.maintenance.bench.BenchReport;
import io.tideline.maintenance.bench.Comparison;
import io.tideline.maintenance.bench.Counts;
import io.tideline.maintenance.bench.Judged;
import io.tideline.maintenance.bench.Latencies;
import io.tideline.maintenance.bench.Load;
import io.tideline.maintenance.bench.Round;
import io.tideline.maintenance.bench.TargetReport;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Prints what a bench measured. */
final class BenchPrinter {
  private final PrintStream out;
  private final Style style;
  private final BenchPlot plot;

  BenchPrinter(PrintStream out, Style style, boolean terminal) {
    this.out = out;
    this.style = style;
    this.plot = new BenchPlot(out, style, terminal);
  }

  void print(BenchReport report) {
    out.println(style.bold(heading(report.load())) + (report.stopped() ? ", stopped early" : ""));
    report.targets().forEach(this::first);
    times(report);
    counts(report);
    for (TargetReport target : report.targets()) {
      plot.timeline(target);
    }
    report.targets().forEach(plot::percentiles);
    report.comparison().ifPresent(this::comparison);
    if (!report.notes().isEmpty()) {
      out.println();
      report.notes().forEach(note -> out.println(style.warn("Note: ") + note));
    }
    if (!report.judged().isEmpty()) {
      out.println();
      report.judged().forEach(this::judged);
    }
  }

  static String heading(Load load) {
    String rate =
        load.rate()
            .map(
                each ->
                    Words.count(Math.round(each)).equals("0")
                        ? String.format(Locale.ROOT, "%.3f/s", each)
                        : String.format(Locale.ROOT, "%,.0f/s", each))
            .map(
                each ->
                    "Open model, "
                        + each
                        + " "
                        + load.arrivals().name().toLowerCase(Locale.ROOT)
                        + ", at most "
                        + load.concurrency()
                        + " in flight")
            .orElse("Closed model, " + load.concurrency() + " at a time");
    return rate
        + ", "
        + Words.count(load.rounds(), "round")
        + " of "
        + Words.duration(load.round())
        + (load.cold() ? ", cold" : "");
  }

  private void first(TargetReport target) {
    target
        .first()
        .ifPresent(
            first ->
                out.println(
                    target.name()
                        + ": the first request, connection included, took "
                        + BenchPlot.millis(first.took())
                        + (first.answer().equals("ok") ? "" : " (" + first.answer() + ")")));
  }

  private void times(BenchReport report) {
    out.println();
    Table table = new Table(out, style, "").text("TARGET").text("TIME");
    for (String head : new String[] {"P50", "P90", "P95", "P99", "P99.9", "MAX", "MEAN"}) {
      table.number(head);
    }
    for (TargetReport target : report.targets()) {
      if (target.whole().isEmpty()) {
        table.row(target.title(), "nothing measured", "-", "-", "-", "-", "-", "-", "-");
        continue;
      }
      Round whole = target.whole().get();
      row(table, target.title(), "response", whole.response());
      row(table, "", "service", whole.service());
      if (report.load().rate().isPresent()) {
        row(table, "", "lag", whole.lag());
      }
    }
    table.end();
  }

  private static void row(Table table, String name, String what, Latencies times) {
    if (times.count() == 0) {
      table.row(name, what, "-", "-", "-", "-", "-", "-", "-");
      return;
    }
    table.row(
        name,
        what,
        BenchPlot.millis(times.p50()),
        BenchPlot.millis(times.p90()),
        BenchPlot.millis(times.p95()),
        BenchPlot.millis(times.p99()),
        BenchPlot.millis(times.p999()),
        BenchPlot.millis(times.max()),
        BenchPlot.millis(times.mean()));
  }

  private void counts(BenchReport report) {
    out.println();
    Table table =
        new Table(out, style, "")
            .text("TARGET")
            .number("REQUESTS")
            .number("OK")
            .number("ERRORS")
            .number("TIMEOUTS")
            .number("BUSY")
            .number("SHED")
            .number("OK A SECOND")
            .number("WANTED");
    String wanted =
        report.load().rate().map(rate -> String.format(Locale.ROOT, "%,.1f", rate)).orElse("-");
    for (TargetReport target : report.targets()) {
      Counts counts = target.whole().map(Round::counts).orElse(null);
      if (counts != null) {
        table.row(
            target.title(),
            Words.count(counts.due()),
            Words.count(counts.ok()),
            Words.count(counts.errors()),
            Words.count(counts.timeouts()),
            Words.count(counts.busy()),
            Words.count(counts.shed()),
            String.format(Locale.ROOT, "%,.1f", target.whole().map(Round::throughput).orElse(0.0)),
            wanted);
      }
    }
    table.end();
    report.targets().forEach(target -> target.whole().ifPresent(each -> details(target, each)));
  }

  private void details(TargetReport target, Round whole) {
    Map<String, Long> bad = new TreeMap<>(whole.counts().details());
    bad.remove("ok");
    if (!bad.isEmpty()) {
      out.println(
          style.bad(target.title() + ": ")
              + bad.entrySet().stream()
                  .map(each -> each.getKey() + " " + Words.count(each.getValue()))
                  .collect(Collectors.joining(", ")));
    }
    if (whole.counts().ok() > 0) {
      out.println(
          style.dim(
              String.format(
                  Locale.ROOT,
                  "%s: %,.1f %s an answer",
                  target.title(),
                  (double) whole.counts().amount() / whole.counts().ok(),
                  target.amounts())));
    }
  }

  private void comparison(Comparison comparison) {
    out.println();
    out.println(style.bold("Compared with " + comparison.with()));
    Table table =
        new Table(out, style, "")
            .text("RESPONSE")
            .number("BEFORE")
            .number("NOW")
            .number("CHANGE")
            .number("BY CHANCE")
            .text("VERDICT");
    for (Comparison.Figure figure : comparison.figures()) {
      String unit = figure.name().equals("throughput") ? "/s" : " ms";
      table.row(
          figure.name(),
          String.format(Locale.ROOT, "%,.3f%s", figure.before(), unit),
          String.format(Locale.ROOT, "%,.3f%s", figure.now(), unit),
          String.format(Locale.ROOT, "%+.1f %%", figure.change() * 100),
          String.format(Locale.ROOT, "%.4f", figure.probability()),
          figure.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
    table.end();
  }

  private void judged(Judged judged) {
    String mark = judged.failed() ? style.bad("failed") : style.good("held  ");
    String whom = judged.target().isEmpty() ? "" : " (" + judged.target() + ")";
    out.println(mark + "  " + judged.threshold() + ": " + judged.found() + whom);
  }
}
