package io.tideline.cli.report;

import io.tideline.cli.output.Words;
import io.tideline.maintenance.bench.BenchReport;
import io.tideline.maintenance.bench.Comparison;
import io.tideline.maintenance.bench.Judged;
import io.tideline.maintenance.bench.Latencies;
import io.tideline.maintenance.bench.Round;
import io.tideline.maintenance.bench.TargetReport;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a bench measured, as a page: no script, no network, light and dark. */
public final class BenchPage {
  private final BenchReport report;
  private final StringBuilder page = new StringBuilder();

  private BenchPage(BenchReport report) {
    this.report = report;
  }

  /** The page. */
  public static String of(BenchReport report) {
    return new BenchPage(report).write();
  }

  private String write() {
    String title = "Bench of " + report.targets().get(0).name();
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    page.append("<title>").append(Html.text(title)).append("</title>\n<style>\n");
    page.append(StyleSheet.TEXT).append(BenchCharts.STYLE);
    page.append("</style></head>\n<body><main>\n<h1>").append(Html.text(title)).append("</h1>\n");
    soft(
        Words.time(report.at())
            + ", "
            + report.version()
            + ", "
            + report.machine().words()
            + (report.stopped() ? ", stopped early" : ""));
    judged();
    times();
    for (TargetReport target : report.targets()) {
      if (target.timeline().size() > 1) {
        heading("Response over time, " + target.title());
        card(BenchCharts.timeline(target.timeline()));
        key("half of the requests", "99 %", "the longest");
      }
    }
    heading("Response by percentile");
    card(BenchCharts.curves(report.targets()));
    names();
    report.comparison().ifPresent(this::comparison);
    rest();
    return page.append("</main></body></html>\n").toString();
  }

  private void heading(String text) {
    page.append("<h2>").append(Html.text(text)).append("</h2>\n");
  }

  private void soft(String text) {
    page.append("<div class=\"soft\">").append(Html.text(text)).append("</div>\n");
  }

  private void card(String inside) {
    page.append("<div class=\"card\">").append(inside).append("</div>\n");
  }

  private void key(String... names) {
    page.append("<p class=\"key\">");
    for (int i = 0; i < names.length; i++) {
      page.append("<i class=\"c").append(Integer.toString(i)).append("\"></i>");
      page.append(Html.text(names[i]));
    }
    page.append("</p>\n");
  }

  private void names() {
    key(report.targets().stream().map(TargetReport::title).toArray(String[]::new));
  }

  private void judged() {
    for (Judged judged : report.judged()) {
      page.append("<div class=\"card finding ")
          .append(judged.failed() ? "critical" : "info")
          .append("\"><span class=\"badge\">")
          .append(judged.failed() ? "failed" : "held")
          .append("</span>")
          .append(
              Html.text(judged.threshold() + ": " + judged.found() + " (" + judged.target() + ")"))
          .append("</div>\n");
    }
  }

  private void times() {
    heading("Times");
    page.append("<div class=\"card wide\"><table><tr><th>Target</th><th>Time</th>");
    for (String head : List.of("p50", "p95", "p99", "p99.9", "max", "OK", "failed", "OK/s")) {
      page.append("<th class=\"n\">").append(head).append("</th>");
    }
    page.append("</tr>\n");
    for (TargetReport target : report.targets()) {
      target
          .whole()
          .ifPresent(
              whole -> {
                row(target.title(), "response", whole.response(), whole);
                row("", "service", whole.service(), null);
                if (report.load().rate().isPresent()) {
                  row("", "lag", whole.lag(), null);
                }
              });
    }
    page.append("</table></div>\n");
  }

  private void row(String name, String what, Latencies times, @Nullable Round whole) {
    page.append("<tr><td class=\"whom\">").append(Html.text(name)).append("</td><td>").append(what);
    page.append("</td>");
    for (Duration time :
        List.of(times.p50(), times.p95(), times.p99(), times.p999(), times.max())) {
      number(times.count() == 0 ? "–" : BenchCharts.millis(time.toNanos()));
    }
    number(whole == null ? "" : Words.count(whole.counts().ok()));
    number(whole == null ? "" : Words.count(whole.counts().failed()));
    number(whole == null ? "" : String.format(Locale.ROOT, "%,.1f", whole.throughput()));
    page.append("</tr>\n");
  }

  private void number(String text) {
    page.append("<td class=\"n\">").append(Html.text(text)).append("</td>");
  }

  private void comparison(Comparison comparison) {
    heading("Compared with " + comparison.with());
    page.append("<div class=\"card wide\"><table><tr><th>Response</th><th class=\"n\">Before</th>");
    page.append("<th class=\"n\">Now</th><th class=\"n\">Change</th><th>Verdict</th></tr>\n");
    for (Comparison.Figure figure : comparison.figures()) {
      String unit = figure.name().equals("throughput") ? "/s" : " ms";
      page.append("<tr><td>").append(Html.text(figure.name())).append("</td>");
      number(String.format(Locale.ROOT, "%,.3f%s", figure.before(), unit));
      number(String.format(Locale.ROOT, "%,.3f%s", figure.now(), unit));
      number(String.format(Locale.ROOT, "%+.1f %%", figure.change() * 100));
      page.append("<td>")
          .append(figure.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '))
          .append("</td></tr>\n");
    }
    page.append("</table></div>\n");
  }

  private void rest() {
    heading("Besides");
    page.append("<div class=\"card soft\">");
    report.notes().forEach(note -> page.append("<p>").append(Html.text(note)).append("</p>"));
    for (TargetReport target : report.targets()) {
      target
          .first()
          .ifPresent(
              first ->
                  page.append("<p>")
                      .append(
                          Html.text(
                              target.name()
                                  + ": the first request took "
                                  + BenchCharts.millis(first.took().toNanos())
                                  + " ("
                                  + first.answer()
                                  + ")"))
                      .append("</p>"));
    }
    page.append("</div>\n");
    asked();
  }

  private void asked() {
    page.append("<div class=\"card wide\"><table>");
    Map<String, String> identity = new TreeMap<>(report.identity());
    identity.values().removeIf(String::isEmpty);
    identity.forEach(
        (key, value) ->
            page.append("<tr><th>")
                .append(Html.text(key))
                .append("</th><td class=\"long\">")
                .append(Html.text(value))
                .append("</td></tr>\n"));
    page.append("</table></div>\n");
  }
}
