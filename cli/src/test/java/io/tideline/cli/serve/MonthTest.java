package io.tideline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.tideline.Tideline;
import io.tideline.config.ConfigFile;
import io.tideline.schedule.Occasion;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Serving real databases for a month of a driven clock. */
final class MonthTest {
  @TempDir Path folder;

  private static String text(JsonObject line, String key) {
    return line.has(key) ? line.get(key).getAsString() : "";
  }

  private static List<JsonObject> events(Stage stage, String event, String database) {
    return stage.log().stream()
        .filter(line -> text(line, "event").equals(event))
        .filter(line -> text(line, "database").equals(database))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "2025-03-20T00:00:00Z, 2025-04-05T00:00:00Z, 2025-03-30T01:00:00Z, 14, 2",
    "2025-10-12T00:00:00Z, 2025-11-11T00:00:00Z, 2025-10-26T00:30:00Z, 28, 5"
  })
  void servesAMonthWithAChangeOfClocks(
      Instant from, Instant to, String changed, int nights, int weeks) throws SQLException {
    Shop shop =
        Shop.at(folder.resolve("shop.db"))
            .with(from.minus(Duration.ofDays(40)), to, "logs", "usage");
    long before =
        shop.count("SELECT count(*) FROM logs") + shop.count("SELECT count(*) FROM usage");
    Stage stage =
        new Stage(folder, from.toString())
            .file("gone", "every: 1d\npolicies: {a: {table: a, time: at, retain: 30d}}\n")
            .file("shop", shop("30d"));
    stage.time.at(
        from.plus(Duration.ofDays(5)).toString(), () -> stage.time.leap(Duration.ofHours(50)));
    stage.time.at(
        from.plus(Duration.ofDays(10)).toString(), () -> stage.time.leap(Duration.ofHours(-3)));
    stage.time.at(from.plus(Duration.ofDays(12)).toString(), () -> stage.file("shop", shop("10d")));

    stage.serve(to.toString());

    List<JsonObject> runs = events(stage, "run-finished", "shop");
    assertThat(runs).hasSize(nights); // three were slept through, and caught up once
    assertThat(runs).extracting(line -> text(line, "exit")).containsOnly("0");
    assertThat(runs)
        .extracting(line -> text(line, "time").substring(0, 16) + ":00Z")
        .contains(changed)
        .doesNotHaveDuplicates();
    assertThat(events(stage, "planned", "shop"))
        .extracting(line -> text(line, "policies"))
        .containsOnly("logs,usage");
    assertThat(stage.ran).hasSize(weeks).allSatisfy(each -> assertThat(each).startsWith("weekly"));
    assertThat(events(stage, "run-failed", "gone")).hasSizeBetween(nights - 1, nights);
    whole(shop, before, to);
  }

  private static String shop(String retain) {
    return """
        cron: 30 2 * * *
        timezone: Europe/Berlin
        policies:
          logs: {table: logs, time: {column: at, format: epoch-s}, retain: %s}
          usage: {table: usage, time: {column: at, format: epoch-s}, retain: 30d}
        jobs:
          weekly: {command: verify, cron: 0 5 * * SUN}
        """
        .formatted(retain);
  }

  private void whole(Shop shop, long before, Instant to) throws SQLException {
    long live = shop.count("SELECT count(*) FROM logs") + shop.count("SELECT count(*) FROM usage");
    ConfigFile config = ConfigFile.load(folder.resolve("shop.yaml"), Map.of());
    try (Tideline tideline = Tideline.open(config.settings())) {
      long archived = tideline.archives().stream().mapToLong(each -> each.rows()).sum();
      assertThat(live + archived).isEqualTo(before);
      assertThat(tideline.verify(Optional.empty(), event -> {}).problems()).isEmpty();
    }
    long cutoff = to.minus(Duration.ofDays(11)).getEpochSecond();
    assertThat(shop.count("SELECT count(*) FROM logs WHERE at < " + cutoff)).isZero();
  }

  @Test
  void onePolicyThatFailsStopsNoOther() throws SQLException {
    Instant from = Instant.parse("2025-06-01T00:00:00Z");
    Shop shop =
        Shop.at(folder.resolve("shop.db")).with(from.minus(Duration.ofDays(40)), from, "a", "b");
    shop.execute("UPDATE a SET at = 'yesterday' WHERE id % 3 = 0");
    Stage stage =
        new Stage(folder, "2025-06-01T00:10:00Z")
            .file(
                "shop",
                """
                every: 1h
                policies:
                  a: {table: a, time: at, retain: 30d, where: "nowhere > 3"}
                  b: {table: b, time: {column: at, format: epoch-s}, retain: 30d}
                jobs:
                  after-a: {command: verify, after: a}
                  after-b: {command: verify, after: b}
                notify: [{on: failure, command: x}]
                """);

    Server server = stage.serve("2025-06-01T01:30:00Z");

    assertThat(stage.ran).containsExactly("after-b 2025-06-01T01:00:00Z");
    assertThat(events(stage, "run-finished", "shop"))
        .extracting(line -> text(line, "removed"))
        .containsExactly("241");
    Picture.OfDatabase picture = server.picture().databases().get(0);
    assertThat(picture.problems())
        .singleElement()
        .asString()
        .startsWith("The last run of policy a failed: ");
    assertThat(stage.told)
        .extracting(each -> each.occasions().iterator().next())
        .containsExactly(Occasion.FAILURE, Occasion.FINISH, Occasion.FINISH);
  }

  @Test
  void waitsForTheWindowAndGoesOnInTheNext() throws SQLException {
    Instant from = Instant.parse("2025-06-01T00:00:00Z");
    Shop.at(folder.resolve("shop.db")).with(from.minus(Duration.ofDays(40)), from, "logs");
    Stage stage =
        new Stage(folder, "2025-06-01T00:10:00Z")
            .file(
                "shop",
                """
                every: 1d
                window: "03:00-04:00 UTC"
                policies:
                  logs: {table: logs, time: {column: at, format: epoch-s}, retain: 30d}
                """);
    Picture[] waiting = new Picture[1];

    stage.serve(
        "2025-06-02T05:00:00Z",
        server ->
            stage
                .time
                .at("2025-06-02T01:00:00Z", () -> {})
                .at("2025-06-02T01:00:01Z", () -> waiting[0] = server.picture()));

    assertThat(events(stage, "run-started", "shop"))
        .extracting(line -> text(line, "time"))
        .containsExactly("2025-06-02T03:00:00Z");
    assertThat(waiting[0].databases().get(0).waiting()).isEqualTo("window");
    assertThat(waiting[0].databases().get(0).waitingFor())
        .isEqualTo("policy logs waits for its window, which opens at 2025-06-02T03:00:00Z");
  }

  @Test
  void goesOnInTheNextWindowWhenOneClosesBeforeItBegan() throws SQLException {
    Instant from = Instant.parse("2025-06-01T00:00:00Z");
    Shop shop =
        Shop.at(folder.resolve("shop.db")).with(from.minus(Duration.ofDays(40)), from, "logs");
    Stage stage =
        new Stage(folder, "2025-06-04T12:00:00Z")
            .file(
                "shop",
                """
                every: 7d
                window: "03:00-04:00 UTC"
                policies:
                  logs: {table: logs, time: {column: at, format: epoch-s}, retain: 30d}
                """);
    stage.onLine =
        line -> {
          if (line.contains("\"planned\"") && stage.time.instant().toString().contains("-05T")) {
            stage.time.leap(Duration.ofHours(1)); // the plan took until the window closed
          }
        };

    stage.serve("2025-06-08T00:00:00Z");

    assertThat(events(stage, "run-started", "shop"))
        .extracting(line -> text(line, "time"))
        .containsExactly("2025-06-05T03:00:00Z", "2025-06-06T03:00:00Z");
    assertThat(events(stage, "run-finished", "shop")).hasSize(1);
    assertThat(shop.count("SELECT count(*) FROM logs")).isLessThan(30 * 24);
    assertThat(stage.told).hasSize(1);
  }

  @Test
  void endsWithTheWindowAndGoesOnInTheNext() throws SQLException {
    Instant from = Instant.parse("2018-06-01T00:00:00Z");
    Instant to = Instant.parse("2025-05-01T00:00:00Z");
    Shop shop = Shop.at(folder.resolve("shop.db")).with(from, to, "logs");
    long before = shop.count("SELECT count(*) FROM logs");
    Stage stage =
        new Stage(folder, "2025-06-04T12:00:00Z").file("shop", paced("{base: gentle, work: 5%}"));
    Thread closes =
        new Thread(
            () -> {
              await(() -> shop.count("SELECT count(*) FROM logs") < before);
              stage.time.leap(Duration.ofHours(1)); // in the midst of the deletes
            });
    stage.onLine =
        line -> {
          if (line.contains("\"planned\"") && stage.events("planned").size() < 2) {
            closes.start();
          } else if (line.contains("\"run-finished\"")) {
            stage.file("shop", paced("offline"));
          }
        };

    stage.serve("2025-06-08T00:00:00Z");

    assertThat(events(stage, "run-finished", "shop"))
        .extracting(line -> text(line, "time").substring(0, 10) + " " + text(line, "exit"))
        .containsExactly("2025-06-05 4", "2025-06-06 0");
    assertThat(events(stage, "run-finished", "shop").get(0).get("message").getAsString())
        .startsWith("Stopped at the end of the window 03:00-04:00 UTC.");
    assertThat(shop.count("SELECT count(*) FROM logs")).isZero();
    assertThat(stage.told)
        .allSatisfy(each -> assertThat(each.occasions()).containsExactly(Occasion.FINISH));
  }

  @Test
  void endsARunByRulesThatHoldNoMoreAndGoesOnByTheNewOnes() throws Exception {
    Instant from = Instant.parse("2023-01-01T00:00:00Z");
    Instant to = Instant.parse("2025-05-01T00:00:00Z");
    Shop shop = Shop.at(folder.resolve("shop.db")).with(from, to, "logs");
    long before = shop.count("SELECT count(*) FROM logs");
    Stage stage =
        new Stage(folder, "2025-06-05T02:00:00Z")
            .file("shop", paced("{base: gentle, work: 5%}").replace("7d", "1h"));
    List<Thread> threads = new ArrayList<>();
    stage.executor =
        work -> {
          Thread thread = new Thread(work);
          threads.add(thread);
          thread.start();
        };
    stage.time.at(
        "2025-06-05T03:10:00Z",
        () -> {
          await(() -> shop.count("SELECT count(*) FROM logs") < before);
          stage.file("shop", paced("offline").replace("7d", "1h").replace("30d", "400d"));
        });
    for (int i = 11; i < 14; i++) {
      // The second goes on only when the first has ended, and is itself waited for.
      stage.time.at(
          "2025-06-05T03:" + i + ":00Z",
          () -> await(() -> !threads.get(threads.size() - 1).isAlive()));
    }

    stage.serve("2025-06-05T03:20:00Z");

    assertThat(events(stage, "run-finished", "shop"))
        .extracting(line -> text(line, "exit"))
        .containsExactly("4", "0");
    long kept = to.getEpochSecond() - Duration.ofDays(300).toSeconds();
    assertThat(shop.count("SELECT count(*) FROM logs WHERE at > " + kept)).isEqualTo(300 * 24 - 1);
  }

  private interface Condition {
    boolean met() throws SQLException;
  }

  private static void await(Condition condition) {
    try {
      while (!condition.met()) {
        Thread.sleep(5);
      }
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String paced(String pace) {
    return """
        every: 7d
        window: "03:00-04:00 UTC"
        pace: %s
        policies:
          logs: {table: logs, time: {column: at, format: epoch-s}, retain: 30d}
        """
        .formatted(pace);
  }

  @Test
  void alarmsWhenAPolicyDeletesNothingForLong() throws SQLException {
    Instant from = Instant.parse("2025-06-01T00:00:00Z");
    Shop shop =
        Shop.at(folder.resolve("shop.db")).with(from.minus(Duration.ofDays(31)), from, "logs");
    shop.execute(
        "CREATE TRIGGER never BEFORE DELETE ON logs BEGIN SELECT RAISE(ABORT, 'never'); END");
    Stage stage =
        new Stage(folder, "2025-06-01T00:10:00Z")
            .file(
                "shop",
                """
                every: 12h
                policies:
                  logs:
                    table: logs
                    time: {column: at, format: epoch-s}
                    retain: 30d
                    action: delete
                notify: [{on: alarm, command: x}]
                """);
    stage.time.at(
        "2025-06-05T00:30:00Z",
        () -> {
          try {
            shop.execute("DROP TRIGGER never");
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });

    stage.serve("2025-06-05T13:00:00Z");

    assertThat(stage.events("alarm")).containsExactly("2025-06-04T12:00:00Z");
    assertThat(stage.events("alarm-over")).containsExactly("2025-06-05T12:00:00Z");
    assertThat(stage.told)
        .filteredOn(each -> each.occasions().contains(Occasion.ALARM))
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.document().get("text").getAsString())
                    .startsWith("Policy logs of shop has ")
                    .contains("expired rows and has deleted nothing since 2025-06-01T12:00:00Z"));
  }
}
