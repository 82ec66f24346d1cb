package io.tideline.cli.report;

import io.tideline.maintenance.bench.Round;
import io.tideline.maintenance.bench.Slot;
import io.tideline.maintenance.bench.TargetReport;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Latencies as SVG, on a logarithmic scale, in the colours of the page. */
final class BenchCharts {
  /** What the page's style sheet lacks. */
  static final String STYLE =
      """
      .c0 { background: var(--rows); stroke: var(--rows); }
      .c1 { background: var(--toast); stroke: var(--toast); }
      .c2 { background: var(--critical); stroke: var(--critical); }
      .c3 { background: var(--info); stroke: var(--info); }
      .soft + .card { margin-top: 20px; }
      td.whom { white-space: normal; overflow-wrap: anywhere; min-width: 150px; }
      polyline { fill: none; stroke-width: 2; } .bad { fill: var(--critical); opacity: .25; }
      """;

  private static final int WIDTH = 860;
  private static final int HEIGHT = 220;
  private static final int AXIS = 90;
  private static final int COLOURS = 4;

  private BenchCharts() {}

  static String timeline(List<Slot> slots) {
    double end = nanos(slots.get(slots.size() - 1).from());
    Scale scale =
        new Scale(
            answered(slots).stream().mapToDouble(slot -> nanos(slot.p50())).min().orElse(1),
            answered(slots).stream().mapToDouble(slot -> nanos(slot.max())).max().orElse(1));
    StringBuilder svg = open("Response over time");
    double step = (WIDTH - AXIS - 10.0) / slots.size();
    for (Slot slot : slots) {
      if (slot.failed() > 0) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<rect class=\"bad\" x=\"%s\" y=\"0\" width=\"%s\" height=\"%s\"><title>%s failed</title></rect>",
                number(x(slot.from(), end)),
                number(step),
                Integer.toString(HEIGHT),
                Long.toString(slot.failed())));
      }
    }
    List<Function<Slot, Duration>> lines = List.of(Slot::p50, Slot::p99, Slot::max);
    for (int i = lines.size() - 1; i >= 0; i--) { // the longest behind those that it is equal to
      StringBuilder points = new StringBuilder();
      for (Slot slot : answered(slots)) {
        point(points, x(slot.from(), end), scale.y(nanos(lines.get(i).apply(slot))));
      }
      line(svg, points, i);
    }
    scale.labels(svg);
    svg.append(text(AXIS, HEIGHT + 20, "start", "0 s"));
    svg.append(
        text(
            WIDTH - 10,
            HEIGHT + 20,
            "end",
            String.format(Locale.ROOT, "%.1f s, by when requests were due", end / 1e9)));
    return svg.append("</svg>").toString();
  }

  /** Those that have times at all: errors have none. */
  private static List<Slot> answered(List<Slot> slots) {
    return slots.stream().filter(slot -> !slot.max().isZero()).toList();
  }

  private static double x(Duration from, double end) {
    return AXIS + (WIDTH - AXIS - 10) * from.toNanos() / Math.max(1, end);
  }

  /** Percentiles to the right by how many requests are slower: each ten times fewer is as wide. */
  static String curves(List<TargetReport> targets) {
    List<List<Round.Point>> curves =
        targets.stream().map(each -> each.whole().map(Round::curve).orElse(List.of())).toList();
    List<Double> all =
        curves.stream().flatMap(List::stream).map(point -> nanos(point.time())).toList();
    Scale scale =
        new Scale(
            all.stream().mapToDouble(each -> each).min().orElse(1),
            all.stream().mapToDouble(each -> each).max().orElse(1));
    StringBuilder svg = open("Response by percentile");
    IntStream.range(0, curves.size())
        .forEach(
            i -> {
              StringBuilder points = new StringBuilder();
              curves
                  .get(i)
                  .forEach(p -> point(points, x(p.percentile()), scale.y(nanos(p.time()))));
              line(svg, points, i);
            });
    scale.labels(svg);
    for (double percentile : new double[] {0, 50, 90, 99, 99.9, 99.99}) {
      String name = number(percentile).replaceFirst("\\.0$", "");
      svg.append(
          text(x(percentile), HEIGHT + 20, "middle", percentile == 99.99 ? "99.99" : "p" + name));
    }
    return svg.append("</svg>").toString();
  }

  private static double x(double percentile) {
    double nines = percentile >= 100 ? 4.4 : -Math.log10(1 - percentile / 100);
    return AXIS + (WIDTH - AXIS - 30) * Math.min(4.4, nines) / 4.4;
  }

  private static void point(StringBuilder points, double x, double y) {
    points.append(points.isEmpty() ? "" : " ").append(number(x)).append(',').append(number(y));
  }

  private static void line(StringBuilder svg, StringBuilder points, int which) {
    svg.append("<polyline class=\"c")
        .append(Integer.toString(which % COLOURS))
        .append("\" style=\"background:none\" points=\"")
        .append(points)
        .append("\"/>");
  }

  private static StringBuilder open(String title) {
    return new StringBuilder(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">",
            Integer.toString(WIDTH),
            Integer.toString(HEIGHT + 30),
            Html.text(title)));
  }

  private static String text(double x, double y, String anchor, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>",
        number(x),
        number(y),
        anchor,
        Html.text(text));
  }

  private static double nanos(Duration time) {
    return Math.max(1, time.toNanos());
  }

  static String millis(double nanos) {
    double millis = nanos / 1e6;
    String form = millis < 1 ? "%.3f ms" : millis < 100 ? "%.1f ms" : "%,.0f ms";
    return String.format(Locale.ROOT, form, millis);
  }

  private static String number(double value) {
    return Double.toString(Math.round(value * 10) / 10.0);
  }

  private record Scale(double least, double most) {
    double y(double nanos) {
      double span = Math.log(Math.max(most, least * 1.01) / least);
      return HEIGHT - (HEIGHT - 14.0) * Math.log(Math.max(nanos, least) / least) / span;
    }

    void labels(StringBuilder svg) {
      double middle = Math.sqrt(least * most);
      for (double value : new double[] {least, middle, most}) {
        svg.append(text(AXIS - 8, y(value) + 4, "end", millis(value)));
        svg.append(
            String.format(
                Locale.ROOT,
                "<line class=\"axis\" x1=\"%1$s\" y1=\"%2$s\" x2=\"%3$s\" y2=\"%2$s\"/>",
                Integer.toString(AXIS),
                number(y(value)),
                Integer.toString(WIDTH - 10)));
      }
    }
  }
}
