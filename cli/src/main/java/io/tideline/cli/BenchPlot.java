package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Words;
import io.tideline.maintenance.bench.Round;
import io.tideline.maintenance.bench.Slot;
import io.tideline.maintenance.bench.TargetReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws latency over time and the curve of percentiles, both on a logarithmic scale; in plain signs
 * off a terminal.
 */
final class BenchPlot {
  private static final int COLUMNS = 60;
  private static final int ROWS = 8;
  private static final int BAR = 40;

  private final PrintStream out;
  private final Style style;
  private final String half;
  private final String most;
  private final String bar;
  private final String edge;

  BenchPlot(PrintStream out, Style style, boolean terminal) {
    this.out = out;
    this.style = style;
    this.half = terminal ? "█" : "#";
    this.most = terminal ? "░" : ":";
    this.bar = terminal ? "━" : "=";
    this.edge = terminal ? "│" : "|";
  }

  /** What a column shows: several slots, or one. */
  private record Column(double half, double most, boolean failed) {}

  void timeline(TargetReport target) {
    List<Column> columns = columns(target.timeline());
    if (columns.size() < 2) {
      return;
    }
    double least = columns.stream().mapToDouble(Column::half).filter(t -> t > 1).min().orElse(1);
    double top = columns.stream().mapToDouble(Column::most).max().orElse(1);
    Scale scale = new Scale(least, Math.max(top, least * 1.01));
    out.println();
    out.println(
        style.bold("Response over time, " + target.title())
            + style.dim("  " + half + " half of the requests  " + most + " the longest"));
    for (int row = ROWS; row > 0; row--) {
      StringBuilder line = new StringBuilder();
      for (Column column : columns) {
        line.append(
            column.most() <= 1
                ? " "
                : scale.rows(column.half(), ROWS) >= row
                    ? half
                    : scale.rows(column.most(), ROWS) >= row ? most : " ");
      }
      String label = row == ROWS ? millis(top) : row == 1 ? millis(least) : "";
      out.println(String.format(Locale.ROOT, "%12s ", label) + edge + line);
    }
    StringBuilder failures = new StringBuilder();
    columns.forEach(column -> failures.append(column.failed() ? "!" : " "));
    if (failures.indexOf("!") >= 0) {
      out.println(" ".repeat(14) + style.bad(failures.toString()) + "  ! failed requests");
    }
  }

  private static List<Column> columns(List<Slot> slots) {
    int each = Math.max(1, (slots.size() + COLUMNS - 1) / COLUMNS);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < slots.size(); i += each) {
      List<Slot> some = slots.subList(i, Math.min(slots.size(), i + each));
      columns.add(
          new Column(
              some.stream().mapToDouble(slot -> nanos(slot.p50())).max().orElse(1),
              some.stream().mapToDouble(slot -> nanos(slot.max())).max().orElse(1),
              some.stream().anyMatch(slot -> slot.failed() > 0)));
    }
    return columns;
  }

  void percentiles(TargetReport target) {
    Round whole = target.whole().orElse(null);
    if (whole == null || whole.response().count() == 0) {
      return;
    }
    List<Round.Point> curve =
        whole.curve().stream()
            .filter(
                point ->
                    List.of(50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 99.99, 100.0)
                        .contains(point.percentile()))
            .toList();
    Scale scale = new Scale(nanos(curve.get(0).time()) / 2, nanos(whole.response().max()));
    out.println();
    out.println(style.bold("Response by percentile, " + target.title()));
    for (Round.Point point : curve) {
      String name = point.percentile() == 100 ? "max" : "p" + plain(point.percentile());
      int length = Math.max(1, scale.rows(nanos(point.time()), BAR));
      out.println(
          String.format(
              Locale.ROOT, "%6s %10s  %s", name, millis(nanos(point.time())), bar.repeat(length)));
    }
  }

  private static String plain(double percentile) {
    return percentile == Math.rint(percentile)
        ? Long.toString((long) percentile)
        : Double.toString(percentile);
  }

  private static double nanos(Duration time) {
    return Math.max(1, time.toNanos());
  }

  static String millis(double nanos) {
    return millis(Duration.ofNanos((long) nanos));
  }

  /** Milliseconds with three digits that mean something: {@code 0.123}, {@code 12.3}. */
  static String millis(Duration time) {
    double millis = time.toNanos() / 1e6;
    if (millis >= 10_000) {
      return Words.duration(time);
    }
    String form =
        millis < 1 ? "%.3f ms" : millis < 10 ? "%.2f ms" : millis < 100 ? "%.1f ms" : "%,.0f ms";
    return String.format(Locale.ROOT, form, millis);
  }

  /** A logarithmic scale. */
  private record Scale(double least, double most) {
    /** How many of so many steps a value reaches, at least one. */
    int rows(double value, int steps) {
      double share = Math.log(value / least) / Math.log(most / least);
      return Double.isNaN(share) ? 1 : (int) Math.max(1, Math.min(steps, 1 + share * (steps - 1)));
    }
  }
}
