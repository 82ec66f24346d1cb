package io.tideline.cli.report;

import io.tideline.cli.output.Words;
import io.tideline.health.Activity;
import io.tideline.health.Amount;
import io.tideline.health.Certainty;
import io.tideline.health.DayCounts;
import io.tideline.health.Finding;
import io.tideline.health.Inspection;
import io.tideline.health.PolicyGain;
import io.tideline.health.Remedy;
import io.tideline.health.RowAges;
import io.tideline.health.TableHealth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** An inspection as a page: no script, no network, light and dark. */
public final class HtmlReport {
  private static final int TABLES = 15;

  private final Inspection inspection;
  private final StringBuilder page = new StringBuilder();

  private HtmlReport(Inspection inspection) {
    this.inspection = inspection;
  }

  /** The page. */
  public static String of(Inspection inspection) {
    return new HtmlReport(inspection).write();
  }

  private String write() {
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    page.append("<title>Inspection of ").append(text(inspection.database().place()));
    page.append("</title>\n<style>\n")
        .append(StyleSheet.TEXT)
        .append("</style></head>\n<body><main>\n");
    head();
    findings();
    tables();
    growth();
    inspection.byDay().forEach(this::byDay);
    policies(inspection.policies());
    statements(inspection.activity().statements());
    rest();
    return page.append("</main></body></html>\n").toString();
  }

  private static String text(String raw) {
    return Html.text(raw);
  }

  private void head() {
    page.append("<h1>").append(text(inspection.database().place())).append("</h1>\n");
    page.append("<div class=\"soft\">")
        .append(text(inspection.database().product() + ", " + Words.time(inspection.at())))
        .append(
            text(
                inspection.storage().settings().entrySet().stream()
                    .map(each -> ", " + each.getKey() + " " + each.getValue())
                    .collect(Collectors.joining())))
        .append("</div>\n<div class=\"figures\">\n");
    figure("in all", Words.bytes(inspection.storage().size().total()));
    if (inspection.storage().size().free() > 0) {
      figure("free inside", Words.bytes(inspection.storage().size().free()));
    }
    if (inspection.storage().size().log() > 0) {
      figure("write-ahead log", Words.bytes(inspection.storage().size().log()));
    }
    if (inspection.diskFree().isPresent()) {
      figure("free on the disk", Words.bytes(inspection.diskFree().getAsLong()));
    }
    inspection.growth().ifPresent(growth -> figure("more a day", Words.bytes(growth.perDay())));
    inspection
        .forecast()
        .ifPresent(
            forecast ->
                figure(
                    "until the disk is full",
                    forecast.earliestDays()
                        + (forecast.latestDays().isPresent()
                            ? " to " + forecast.latestDays().getAsLong() + " days"
                            : " days or more")));
    page.append("</div>\n");
  }

  private void figure(String what, String value) {
    page.append("<div class=\"card\"><b>").append(text(value)).append("</b><span class=\"soft\">");
    page.append(text(what)).append("</span></div>\n");
  }

  private void heading(String text) {
    page.append("<h2>").append(text(text)).append("</h2>\n");
  }

  private void findings() {
    heading(inspection.findings().isEmpty() ? "Nothing hurts" : "Findings");
    inspection.findings().forEach(this::finding);
  }

  private void finding(Finding finding) {
    String severity = finding.severity().name().toLowerCase(Locale.ROOT);
    page.append("<div class=\"card finding ").append(severity).append("\"><div>");
    page.append("<span class=\"badge\">").append(severity).append("</span><b>");
    page.append(text(finding.place())).append("</b> <span class=\"soft\">");
    page.append(text(finding.check().slug())).append("</span></div><p>");
    page.append(text(capital(finding.what())))
        .append(": ")
        .append(text(finding.why()))
        .append(".</p>");
    if (finding.certainty() != Certainty.SURE) {
      page.append("<p class=\"soft\">")
          .append(finding.certainty() == Certainty.LIKELY ? "Likely, by " : "A guess, by ")
          .append(text(finding.basis()))
          .append(".</p>");
    }
    for (Remedy remedy : finding.remedies()) {
      page.append("<code>").append(text(remedy.text())).append("</code>");
      if (!remedy.note().isEmpty()) {
        page.append("<div class=\"soft\">").append(text(remedy.note())).append("</div>");
      }
    }
    page.append("</div>\n");
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private void policies(List<PolicyGain> gains) {
    if (gains.isEmpty()) {
      return;
    }
    heading("A run would free now");
    page.append("<div class=\"card wide\"><table><tr><th>Policy</th><th>Table</th>");
    page.append("<th class=\"n\">Rows</th><th class=\"n\">Bytes</th></tr>\n");
    for (PolicyGain gain : gains) {
      page.append("<tr><td>").append(text(gain.policy())).append("</td><td>");
      page.append(text(gain.table())).append("</td>").append(number(Words.count(gain.rows())));
      page.append(number(Words.bytes(gain.bytes()))).append("</tr>\n");
    }
    page.append("</table></div>\n");
  }

  private void tables() {
    List<TableHealth> all = inspection.tables();
    if (all.isEmpty()) {
      return;
    }
    List<TableHealth> largest = all.subList(0, Math.min(TABLES, all.size()));
    heading(all.size() > TABLES ? "Tables, the largest of " + Words.count(all.size()) : "Tables");
    page.append("<div class=\"card\">").append(Charts.sizes(largest));
    page.append("<p class=\"key\"><i class=\"rows\" style=\"background:var(--rows)\"></i>rows");
    page.append("<i style=\"background:var(--indexes)\"></i>indexes");
    if (largest.stream().anyMatch(each -> each.size().toastBytes().isPresent())) {
      page.append("<i style=\"background:var(--toast)\"></i>large values");
    }
    page.append("</p></div>\n<div class=\"card wide\"><table><tr><th>Table</th>");
    page.append("<th class=\"n\">Rows</th><th>Oldest</th><th>Newest</th>");
    page.append("<th class=\"n\">Rows a day</th><th class=\"n\">Growth a day</th></tr>\n");
    largest.forEach(this::table);
    page.append("</table></div>\n");
  }

  private void table(TableHealth table) {
    List<String> cells = new ArrayList<>();
    cells.add("<td>" + text(table.size().name().toString()) + "</td>");
    cells.add(
        number(
            table
                .size()
                .rows()
                .map(rows -> (rows.isExact() ? "" : "~") + Words.count(rows.value()))
                .orElse("–")));
    String near = table.ages().filter(ages -> !ages.exact()).isPresent() ? "~" : "";
    cells.add("<td>" + table.ages().map(ages -> near + day(ages.oldest())).orElse("–") + "</td>");
    cells.add("<td>" + table.ages().map(ages -> near + day(ages.newest())).orElse("–") + "</td>");
    OptionalLong perDay = table.ages().map(RowAges::rowsPerDay).orElse(OptionalLong.empty());
    boolean counted = near.isEmpty() && table.size().rows().filter(Amount::isExact).isPresent();
    cells.add(
        number(perDay.isPresent() ? (counted ? "" : "~") + Words.count(perDay.getAsLong()) : "–"));
    cells.add(
        number(
            table.bytesPerDay().isPresent() ? Words.bytes(table.bytesPerDay().getAsLong()) : "–"));
    page.append("<tr>").append(String.join("", cells)).append("</tr>\n");
  }

  private static String number(String text) {
    return "<td class=\"n\">" + text(text) + "</td>";
  }

  private static String day(Instant instant) {
    return Words.time(instant).substring(0, 10);
  }

  private void growth() {
    inspection
        .growth()
        .ifPresent(
            growth -> {
              heading("Growth");
              page.append("<div class=\"card\">").append(Charts.growth(growth));
              page.append("<p class=\"key\">bytes in use, by ")
                  .append(Words.count(growth.points().size(), "inspection"))
                  .append("</p></div>\n");
            });
  }

  private void byDay(DayCounts counts) {
    heading(counts.table() + "." + counts.column() + ", rows by day");
    page.append("<div class=\"card\">").append(Charts.days(counts)).append("</div>\n");
  }

  private void statements(List<Activity.Statement> statements) {
    if (statements.isEmpty()) {
      return;
    }
    heading("Statements that took most time");
    page.append("<div class=\"card wide\"><table><tr><th class=\"n\">Total</th>");
    page.append("<th class=\"n\">Mean</th><th class=\"n\">Calls</th><th>Statement</th></tr>\n");
    for (Activity.Statement each : statements) {
      page.append("<tr>")
          .append(number(Math.round(each.totalMillis() / 1000) + " s"))
          .append(number(Math.round(each.millis() * 100) / 100.0 + " ms"))
          .append(number(Words.count(each.calls())))
          .append("<td class=\"long\">")
          .append(text(each.text()))
          .append("</td></tr>\n");
    }
    page.append("</table></div>\n");
  }

  private void rest() {
    List<String> lines = new ArrayList<>();
    inspection
        .suppressed()
        .forEach(
            each ->
                lines.add(
                    "Suppressed until "
                        + each.by().until()
                        + ": "
                        + each.finding().check().slug()
                        + " of "
                        + each.finding().place()
                        + " ("
                        + each.by().reason()
                        + ")"));
    inspection
        .expired()
        .forEach(
            each ->
                lines.add(
                    "Suppressed no more since "
                        + each.until()
                        + ": "
                        + each.check().slug()
                        + " of "
                        + each.place()));
    inspection
        .unseen()
        .forEach(each -> lines.add("Not looked at: " + each.what() + ", " + each.why()));
    if (!lines.isEmpty()) {
      heading("Besides");
      page.append("<div class=\"card soft\">");
      lines.forEach(line -> page.append("<p>").append(text(line)).append("</p>"));
      page.append("</div>\n");
    }
  }
}
