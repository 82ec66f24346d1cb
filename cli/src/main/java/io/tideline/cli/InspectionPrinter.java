package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.health.Amount;
import io.tideline.health.Day;
import io.tideline.health.DayCounts;
import io.tideline.health.Forecast;
import io.tideline.health.Growth;
import io.tideline.health.Inspection;
import io.tideline.health.PolicyGain;
import io.tideline.health.RowAges;
import io.tideline.health.Severity;
import io.tideline.health.Suppressed;
import io.tideline.health.Suppression;
import io.tideline.health.TableFacts;
import io.tideline.health.TableHealth;
import io.tideline.health.Unseen;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Prints an inspection for a person. */
final class InspectionPrinter {
  private static final int TABLES = 12;
  private static final int BAR = 40;

  private final PrintStream out;
  private final Style style;

  InspectionPrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  void print(Inspection inspection) {
    storage(inspection);
    findings(inspection);
    tables(inspection);
    inspection.byDay().forEach(this::byDay);
    policies(inspection.policies());
    new ActivityPrinter(out, style).print(inspection.activity());
    borne(inspection);
    unseen(inspection.unseen());
  }

  private Table table() {
    return new Table(out, style, "");
  }

  private void heading(String text) {
    out.println();
    out.println(style.bold(text));
  }

  private void storage(Inspection inspection) {
    Table table = table().text("").text("");
    table.row(
        "Database", inspection.database().place() + " (" + inspection.database().product() + ")");
    table.row("Size", Sizes.display(inspection.storage().size()));
    if (!inspection.storage().settings().isEmpty()) {
      table.row(
          "Kept with",
          inspection.storage().settings().entrySet().stream()
              .map(each -> each.getKey() + " " + each.getValue())
              .collect(Collectors.joining(", ")));
    }
    inspection.diskFree().ifPresent(free -> table.row("Disk", Words.bytes(free) + " free"));
    inspection.growth().ifPresent(growth -> table.row("Growth", growth(growth)));
    inspection.forecast().ifPresent(forecast -> table.row("Disk full", forecast(forecast)));
    table.end();
  }

  private static String growth(Growth growth) {
    return Words.bytes(growth.perDay())
        + " a day ("
        + Words.bytes(growth.lowPerDay())
        + " to "
        + Words.bytes(growth.highPerDay())
        + "), "
        + Words.count(growth.points().size(), "inspection")
        + " since "
        + Words.time(growth.since());
  }

  static String forecast(Forecast forecast) {
    OptionalLong latest = forecast.latestDays();
    return "in "
        + Words.count(forecast.earliestDays())
        + (latest.isPresent()
            ? " to " + Words.count(latest.getAsLong()) + " days"
            : " days or later")
        + " if it grows on as it did, by "
        + forecast.basis();
  }

  private void findings(Inspection inspection) {
    if (inspection.findings().isEmpty()) {
      heading("Nothing hurts.");
      return;
    }
    heading(summary(inspection));
    FindingPrinter printer = new FindingPrinter(out, style);
    inspection.findings().forEach(printer::print);
    out.println(style.dim("More of each: tideline explain FINDING"));
  }

  private static String summary(Inspection inspection) {
    StringBuilder text = new StringBuilder();
    for (Severity severity : List.of(Severity.CRITICAL, Severity.WARNING, Severity.INFO)) {
      long count =
          inspection.findings().stream().filter(each -> each.severity() == severity).count();
      if (count > 0) {
        String noun =
            switch (severity) {
              case CRITICAL -> "critical finding";
              case WARNING -> "warning";
              case INFO -> "remark";
            };
        text.append(text.isEmpty() ? "" : ", ").append(Words.count(count, noun));
      }
    }
    return text.toString();
  }

  private void tables(Inspection inspection) {
    List<TableHealth> all = inspection.tables();
    if (all.isEmpty()) {
      return;
    }
    boolean toast = all.stream().anyMatch(each -> each.size().toastBytes().isPresent());
    boolean grown = all.stream().anyMatch(each -> each.bytesPerDay().isPresent());
    heading("Tables" + (all.size() > TABLES ? ", the largest of " + Words.count(all.size()) : ""));
    Table table = table().text("TABLE").number("ROWS").number("BYTES").number("INDEXES");
    if (toast) {
      table.number("TOAST");
    }
    table.text("OLDEST").text("NEWEST").number("ROWS/DAY");
    if (grown) {
      table.number("GROWTH/DAY");
    }
    for (TableHealth each : all.subList(0, Math.min(TABLES, all.size()))) {
      table.row(cells(each, toast, grown));
    }
    table.end();
    boolean guessed =
        all.stream()
            .anyMatch(
                each ->
                    each.ages().filter(ages -> !ages.exact()).isPresent()
                        || guessed(each.size().bytes())
                        || each.size().rows().filter(InspectionPrinter::guessed).isPresent());
    if (guessed) {
      out.println(style.dim("~ is an estimate; --exact counts rows and bytes"));
    }
  }

  private static boolean guessed(Amount amount) {
    return !amount.isExact();
  }

  private static List<String> cells(TableHealth health, boolean toast, boolean grown) {
    TableFacts size = health.size();
    List<String> cells = new ArrayList<>();
    cells.add(size.name().toString());
    cells.add(size.rows().map(rows -> mark(rows) + Words.count(rows.value())).orElse("-"));
    cells.add(mark(size.bytes()) + Words.bytes(size.bytes().value()));
    cells.add(mark(size.indexBytes()) + Words.bytes(size.indexBytes().value()));
    if (toast) {
      cells.add(bytes(size.toastBytes()));
    }
    String near = health.ages().filter(ages -> !ages.exact()).isPresent() ? "~" : "";
    cells.add(health.ages().map(ages -> near + day(ages.oldest())).orElse("-"));
    cells.add(health.ages().map(ages -> near + day(ages.newest())).orElse("-"));
    OptionalLong perDay = health.ages().map(RowAges::rowsPerDay).orElse(OptionalLong.empty());
    boolean counted = near.isEmpty() && size.rows().filter(Amount::isExact).isPresent();
    cells.add(perDay.isPresent() ? (counted ? "" : "~") + Words.count(perDay.getAsLong()) : "-");
    if (grown) {
      cells.add(bytes(health.bytesPerDay()));
    }
    return cells;
  }

  private static String mark(Amount amount) {
    return amount.isExact() ? "" : "~";
  }

  private static String bytes(OptionalLong bytes) {
    return bytes.isPresent() ? Words.bytes(bytes.getAsLong()) : "-";
  }

  private static String day(Instant instant) {
    return Words.time(instant).substring(0, 10);
  }

  private void byDay(DayCounts counts) {
    heading(counts.table() + "." + counts.column() + ", rows by day");
    long most = counts.days().stream().mapToLong(Day::rows).max().orElse(0);
    Table table = table().text("DAY").number("ROWS").text("");
    for (Day day : counts.days()) {
      int length = most == 0 ? 0 : (int) Math.round((double) BAR * day.rows() / most);
      table.row(day.day().toString(), Words.count(day.rows()), "#".repeat(length));
    }
    table.end();
  }

  private void policies(List<PolicyGain> gains) {
    if (gains.isEmpty()) {
      return;
    }
    heading("A run would free now");
    Table table = table().text("POLICY").text("TABLE").number("ROWS").number("BYTES");
    gains.forEach(
        gain ->
            table.row(
                gain.policy(), gain.table(), Words.count(gain.rows()), Words.bytes(gain.bytes())));
    table.end();
  }

  private void borne(Inspection inspection) {
    if (inspection.suppressed().isEmpty() && inspection.expired().isEmpty()) {
      return;
    }
    heading("Suppressed");
    for (Suppressed each : inspection.suppressed()) {
      out.println(
          each.finding().check().slug()
              + " of "
              + each.finding().place()
              + " until "
              + each.by().until()
              + ": "
              + each.by().reason());
    }
    for (Suppression each : inspection.expired()) {
      out.println(
          style.warn(
              each.check().slug()
                  + " of "
                  + each.place()
                  + " is suppressed no more since "
                  + each.until()
                  + ": remove the line, or give it a new day"));
    }
  }

  private void unseen(List<Unseen> unseen) {
    if (unseen.isEmpty()) {
      return;
    }
    heading("Not looked at");
    unseen.forEach(each -> out.println(each.what() + ": " + each.why()));
  }
}
