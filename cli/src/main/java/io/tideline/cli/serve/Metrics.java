package io.tideline.cli.serve;

import io.tideline.policy.Strain;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How everything stands as Prometheus reads it: its text format 0.0.4. */
final class Metrics {
  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final List<String> WAITS =
      Stream.concat(
              Stream.of("window", "queue"),
              Arrays.stream(Strain.Cause.values()).map(Strain.Cause::word))
          .toList();

  private final StringBuilder text = new StringBuilder();
  private final Picture picture;

  private Metrics(Picture picture) {
    this.picture = picture;
  }

  static String text(Picture picture) {
    return new Metrics(picture).write();
  }

  private String write() {
    policies("policy_rows_archived_total", "counter", "Rows archived.", item -> item.archived());
    policies("policy_rows_removed_total", "counter", "Rows removed.", item -> item.removed());
    policies(
        "policy_expired_rows",
        "gauge",
        "Expired rows that the last plan saw.",
        item -> item.expired() < 0 ? null : item.expired());
    policies(
        "policy_alarm",
        "gauge",
        "1 if it has expired rows and has deleted nothing for long.",
        item -> item.alarmed() ? 1 : 0);
    items("runs_total", "counter", "Runs that ended, well or not.", item -> item.runs());
    items("runs_failed_total", "counter", "Runs that failed.", item -> item.failures());
    items("last_exit_code", "gauge", "Exit code of the last run.", Metrics::exit);
    items("last_run_failed", "gauge", "1 if the last run failed.", item -> item.failing() ? 1 : 0);
    items("last_duration_seconds", "gauge", "How long the last run took.", Metrics::seconds);
    items(
        "last_success_timestamp_seconds",
        "gauge",
        "When a run last came to its end.",
        item -> seconds(item.succeededAt()));
    items(
        "next_run_timestamp_seconds", "gauge", "When it runs next.", item -> seconds(item.next()));
    databases(
        "running", "gauge", "1 while a run goes on.", each -> each.running().isEmpty() ? 0 : 1);
    waits();
    databases(
        "config_ok", "gauge", "1 if the file is right.", each -> each.broken().isEmpty() ? 1 : 0);
    picture.unusable().keySet().forEach(each -> line("config_ok", label("database", each), 0));
    databases(
        "database_bytes",
        "gauge",
        "Bytes of the database after the last run.",
        each -> each.bytes() < 0 ? null : each.bytes());
    databases(
        "manifests_in_doubt",
        "gauge",
        "Manifests in doubt after the last run.",
        each -> each.inDoubt() < 0 ? null : each.inDoubt());
    head("notices_untold_total", "counter", "Notices that could not be told.");
    line("notices_untold_total", "", picture.untold());
    return text.toString();
  }

  private static @Nullable Number exit(Picture.OfItem item) {
    return item.exit() < 0 ? null : item.exit();
  }

  private static @Nullable Number seconds(Picture.OfItem item) {
    Instant from = item.startedAt();
    Instant to = item.finishedAt();
    return from == null || to == null || to.isBefore(from)
        ? null
        : Duration.between(from, to).toMillis() / 1e3;
  }

  private static @Nullable Number seconds(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli() / 1e3;
  }

  private void policies(
      String name, String type, String help, Function<Picture.OfItem, @Nullable Number> value) {
    head(name, type, help);
    for (Picture.OfDatabase database : picture.databases()) {
      for (Picture.OfItem item : database.items()) {
        if (item.kind().equals("policy")) {
          line(
              name,
              label("database", database.database()) + "," + label("policy", item.name()),
              value.apply(item));
        }
      }
    }
  }

  private void items(
      String name, String type, String help, Function<Picture.OfItem, @Nullable Number> value) {
    head(name, type, help);
    for (Picture.OfDatabase database : picture.databases()) {
      for (Picture.OfItem item : database.items()) {
        String labels =
            label("database", database.database())
                + ","
                + label("kind", item.kind())
                + ","
                + label("name", item.name());
        line(name, labels, value.apply(item));
      }
    }
  }

  private void databases(
      String name, String type, String help, Function<Picture.OfDatabase, @Nullable Number> value) {
    head(name, type, help);
    for (Picture.OfDatabase database : picture.databases()) {
      line(name, label("database", database.database()), value.apply(database));
    }
  }

  /** A fixed set of reasons: a series for each sentence would never end. */
  private void waits() {
    head("waiting", "gauge", "1 for the reason for which what is due does not go on.");
    for (Picture.OfDatabase database : picture.databases()) {
      for (String reason : WAITS) {
        line(
            "waiting",
            label("database", database.database()) + "," + label("reason", reason),
            database.waiting().equals(reason) ? 1 : 0);
      }
    }
  }

  private void head(String name, String type, String help) {
    text.append("# HELP tideline_").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE tideline_").append(name).append(' ').append(type).append('\n');
  }

  private void line(String name, String labels, @Nullable Number value) {
    if (value == null) {
      return;
    }
    text.append("tideline_").append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(number(value)).append('\n');
  }

  private static String number(Number value) {
    return value instanceof Double real
        ? BigDecimal.valueOf(real).stripTrailingZeros().toPlainString()
        : value.toString();
  }

  private static String label(String name, String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return name + "=\"" + escaped + "\"";
  }
}
