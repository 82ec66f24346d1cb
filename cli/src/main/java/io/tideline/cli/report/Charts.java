package io.tideline.cli.report;

import io.tideline.cli.output.Words;
import io.tideline.health.Day;
import io.tideline.health.DayCounts;
import io.tideline.health.Growth;
import io.tideline.health.TableHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Charts as SVG, drawn in the colours of the page. */
final class Charts {
  private static final int WIDTH = 860;
  private static final int LABEL = 210;
  private static final int VALUE = 90;
  private static final int ROW = 26;
  private static final int HEIGHT = 200;
  private static final int AXIS = 70;

  private Charts() {}

  /** A bar for each table: rows, indexes, large values. */
  static String sizes(List<TableHealth> tables) {
    long most = Math.max(1, tables.stream().mapToLong(each -> each.size().total()).max().orElse(1));
    StringBuilder svg = open(tables.size() * ROW + 4, "Sizes of tables");
    int y = 2;
    for (TableHealth table : tables) {
      double scale = (double) (WIDTH - LABEL - VALUE) / most;
      double x = LABEL;
      svg.append(text(LABEL - 8, y + 17, "end", shortened(table.size().name().toString())));
      x = part(svg, x, y, table.size().bytes().value() * scale, "rows");
      x = part(svg, x, y, table.size().indexBytes().value() * scale, "indexes");
      x = part(svg, x, y, table.size().toastBytes().orElse(0) * scale, "toast");
      svg.append(text(x + 8, y + 17, "start", Words.bytes(table.size().total())));
      y += ROW;
    }
    return svg.append("</svg>").toString();
  }

  private static double part(StringBuilder svg, double x, int y, double width, String kind) {
    if (width > 0) {
      svg.append(
          "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>"
              .formatted(
                  kind,
                  number(x),
                  Integer.toString(y + 3),
                  number(Math.max(width, 1)),
                  Integer.toString(ROW - 8)));
    }
    return x + Math.max(0, width);
  }

  /** The bytes in use over time. */
  static String growth(Growth growth) {
    List<Growth.Point> points = growth.points();
    Instant first = points.get(0).at();
    double span =
        Math.max(1, Duration.between(first, points.get(points.size() - 1).at()).toMillis());
    long most = Math.max(1, points.stream().mapToLong(Growth.Point::bytes).max().orElse(1));
    StringBuilder svg = open(HEIGHT + 30, "Growth");
    svg.append(axis(most));
    StringBuilder line = new StringBuilder();
    for (Growth.Point point : points) {
      double x = AXIS + (WIDTH - AXIS - 10) * Duration.between(first, point.at()).toMillis() / span;
      double y = HEIGHT - (HEIGHT - 14.0) * point.bytes() / most;
      line.append(line.isEmpty() ? "" : " ").append(number(x)).append(',').append(number(y));
      svg.append(
          "<circle class=\"dot\" cx=\"%s\" cy=\"%s\" r=\"3\"><title>%s</title></circle>"
              .formatted(
                  number(x),
                  number(y),
                  Html.text(Words.time(point.at()) + ", " + Words.bytes(point.bytes()))));
    }
    svg.append("<polyline class=\"line\" points=\"").append(line).append("\"/>");
    svg.append(text(AXIS, HEIGHT + 20, "start", Words.time(first).substring(0, 10)));
    Instant last = points.get(points.size() - 1).at();
    svg.append(text(WIDTH - 10, HEIGHT + 20, "end", Words.time(last).substring(0, 10)));
    return svg.append("</svg>").toString();
  }

  private static String axis(long most) {
    return text(AXIS - 8, 18, "end", Words.bytes(most))
        + text(AXIS - 8, HEIGHT, "end", "0")
        + "<line class=\"axis\" x1=\"%1$s\" y1=\"%2$s\" x2=\"%3$s\" y2=\"%2$s\"/>"
            .formatted(
                Integer.toString(AXIS), Integer.toString(HEIGHT), Integer.toString(WIDTH - 10));
  }

  /** A bar for each day. */
  static String days(DayCounts counts) {
    List<Day> days = counts.days();
    long most = Math.max(1, days.stream().mapToLong(Day::rows).max().orElse(1));
    StringBuilder svg = open(HEIGHT + 30, "Rows by day of " + counts.table());
    svg.append(text(AXIS - 8, 18, "end", Words.count(most)));
    svg.append(text(AXIS - 8, HEIGHT, "end", "0"));
    double step = (WIDTH - AXIS - 10.0) / Math.max(1, days.size());
    for (int i = 0; i < days.size(); i++) {
      Day day = days.get(i);
      double height = (HEIGHT - 14.0) * day.rows() / most;
      svg.append(
          "<rect class=\"rows\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"><title>%s</title></rect>"
              .formatted(
                  number(AXIS + i * step + 1),
                  number(HEIGHT - height),
                  number(Math.max(1, step - 2)),
                  number(height),
                  day.day() + ": " + Words.count(day.rows(), "row")));
    }
    if (!days.isEmpty()) {
      svg.append(text(AXIS, HEIGHT + 20, "start", days.get(0).day().toString()));
      svg.append(text(WIDTH - 10, HEIGHT + 20, "end", days.get(days.size() - 1).day().toString()));
    }
    return svg.append("</svg>").toString();
  }

  private static StringBuilder open(int height, String title) {
    return new StringBuilder(
        "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">"
            .formatted(Integer.toString(WIDTH), Integer.toString(height), Html.text(title)));
  }

  private static String text(double x, double y, String anchor, String text) {
    return "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>"
        .formatted(number(x), number(y), anchor, Html.text(text));
  }

  private static String shortened(String name) {
    return name.length() <= 28 ? name : name.substring(0, 27) + "…";
  }

  private static String number(double value) {
    return Double.toString(Math.round(value * 10) / 10.0);
  }
}
