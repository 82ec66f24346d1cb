package io.tideline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.tideline.Tideline;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Action;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Probe;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.policy.Strain;
import io.tideline.policy.Terms;
import io.tideline.policy.Window;
import io.tideline.run.Pacing;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a run does lest others feel it. */
class PacingTest {
  private static final Instant NOW = Instant.parse("2026-10-01T12:00:00Z");

  @TempDir Path folder;

  private TestDatabase rows(Product product, int rows) {
    TestDatabase database = product.create(folder);
    String series =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows + ")";
    for (String table : List.of("logs", "notes")) {
      database.execute(
          "CREATE TABLE " + table + " (id integer PRIMARY KEY, at text, body text)",
          (product == Product.SQLITE ? series + " INSERT INTO " + table : "INSERT INTO " + table)
              + (product == Product.SQLITE
                  ? " SELECT i, '2020-01-01 00:00:00', 'body ' || i || hex(zeroblob(400)) FROM n"
                  : " SELECT i, '2020-01-01 00:00:00', 'body ' || i"
                      + " FROM generate_series(1, "
                      + rows
                      + ") i"));
    }
    return database;
  }

  private Settings settings(TestDatabase database, Terms terms, Map<String, Terms> own) {
    return Settings.of(
            database.url(), folder.resolve("archive"), List.of(policy("logs"), policy("notes")))
        .withTerms(terms, own);
  }

  private static Policy policy(String table) {
    return Policy.of(table, table)
        .time("at")
        .retain(Duration.ofDays(30))
        .action(Action.DELETE)
        .build();
  }

  private Settings settings(TestDatabase database, Pace pace) {
    return settings(database, Terms.of(pace), Map.of());
  }

  private static RunReport run(Settings settings, Clock clock, RunListener listener) {
    return run(settings, clock, RunOptions.DEFAULT, listener);
  }

  private static RunReport run(
      Settings settings, Clock clock, RunOptions options, RunListener listener) {
    try (Tideline tideline = Tideline.open(settings, clock)) {
      return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), options, listener);
    }
  }

  private static Pace numbers(int largest, long log, Duration patience) {
    return new Pace(
        Pace.Base.GENTLE,
        Optional.of(Duration.ofMillis(5)),
        0.9,
        Math.min(50, largest),
        largest,
        log,
        Duration.ofSeconds(10),
        patience);
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void batchesAreNoLargerThanAsked(Product product) {
    try (TestDatabase database = rows(product, 500)) {
      Settings settings = settings(database, numbers(20, 1 << 20, Duration.ofSeconds(9)));
      RunReport report = run(settings, new SettableClock(NOW), RunListener.NONE);

      Pacing pacing = report.pacing();
      assertThat(report.exit()).isEqualTo(ExitCode.DONE);
      assertThat(pacing.largest()).isEqualTo(20);
      assertThat(pacing.batches()).isGreaterThanOrEqualTo(50);
      assertThat(pacing.locked()).isPositive();
      assertThat(pacing.longest()).isLessThanOrEqualTo(pacing.locked());
      assertThat(pacing.rested()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
      assertThat(pacing.waits()).isEmpty();
    }
  }

  /** A reader of an old state, which ends once the run has waited for it. */
  @Test
  void aRunWaitsForTheReaderThatHoldsTheLog() throws SQLException {
    try (TestDatabase database = rows(Product.SQLITE, 4_000);
        Connection reader = reading(database)) {
      Settings settings = settings(database, numbers(100_000, 1 << 20, Duration.ofMinutes(1)));
      RunReport report =
          run(
              settings,
              new SettableClock(NOW),
              event -> {
                if (event instanceof RunEvent.Waited waited
                    && waited.why().cause() == Strain.Cause.LOG) {
                  end(reader);
                }
              });

      assertThat(report.exit()).as(report.failure()).isEqualTo(ExitCode.DONE);
      assertThat(report.removed()).isEqualTo(8_000);
      assertThat(report.pacing().waits())
          .singleElement()
          .satisfies(
              wait -> {
                assertThat(wait.cause()).isEqualTo(Strain.Cause.LOG);
                assertThat(wait.last())
                    .contains("over 1.0 MB, and a reader of an old state holds it");
              });
      assertThat(Path.of(database.url().substring("sqlite:".length()) + "-wal"))
          .satisfiesAnyOf(
              log -> assertThat(log).doesNotExist(), log -> assertThat(log).isEmptyFile());
    }
  }

  @Test
  void aRunEndsResumablyWhereTheReaderDoesNot() throws SQLException {
    try (TestDatabase database = rows(Product.SQLITE, 4_000);
        Connection reader = reading(database)) {
      Settings settings = settings(database, numbers(100_000, 1 << 20, Duration.ofMillis(300)));
      RunReport report = run(settings, new SettableClock(NOW), RunListener.NONE);

      assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(report.failure()).contains("because the write-ahead log has", "Run again");
      assertThat(report.removed()).isLessThan(8_000);
      end(reader);
      assertThat(run(settings, new SettableClock(NOW), RunListener.NONE).exit())
          .isEqualTo(ExitCode.DONE);
      assertThat(database.count("logs") + database.count("notes")).isZero();
    }
  }

  private static Connection reading(TestDatabase database) throws SQLException {
    Connection reader = DriverManager.getConnection("jdbc:" + database.url());
    try (Statement statement = reader.createStatement()) {
      statement.execute("BEGIN");
      try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM logs")) {
        rows.next();
      }
    }
    return reader;
  }

  private static void end(Connection reader) {
    try (Statement statement = reader.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      return; // it ended before
    }
  }

  @Test
  void aRunWaitsUntilTheApplicationAnswersInTime() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server = answering(() -> asked.incrementAndGet() <= 3 ? 503 : 200);
    try (TestDatabase database = rows(Product.SQLITE, 500)) {
      Settings settings = settings(database, probing(server, Duration.ofMinutes(1)), Map.of());
      RunReport report = run(settings, new SettableClock(NOW), RunListener.NONE);

      assertThat(report.exit()).isEqualTo(ExitCode.DONE);
      assertThat(asked).hasValueGreaterThan(3);
      assertThat(report.pacing().waits())
          .singleElement()
          .satisfies(wait -> assertThat(wait.last()).contains("the probe fails", "503"));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aRunEndsResumablyWhereTheApplicationStaysSlow() throws IOException {
    HttpServer server = answering(() -> 500);
    try (TestDatabase database = rows(Product.SQLITE, 500)) {
      Settings settings = settings(database, probing(server, Duration.ofMillis(300)), Map.of());
      RunReport report = run(settings, new SettableClock(NOW), RunListener.NONE);

      assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(report.failure()).contains("because the probe fails");
      assertThat(database.count("logs") + database.count("notes"))
          .isEqualTo(1_000 - report.removed())
          .isPositive();
    } finally {
      server.stop(0);
    }
  }

  /** Whatever a probe fails by, it does not let a run go on as if all were well. */
  @Test
  void aProbeThatNobodyCanAskStrains() {
    try (TestDatabase database = rows(Product.SQLITE, 500)) {
      Terms terms = probing(URI.create("http://localhost:99999/"), Duration.ofMillis(300));
      RunReport report =
          run(settings(database, terms, Map.of()), new SettableClock(NOW), RunListener.NONE);

      assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(report.failure()).startsWith("Gave up after waiting 0 s because the probe fails");
      assertThat(report.removed()).isZero();
    }
  }

  private static Terms probing(HttpServer server, Duration patience) {
    return probing(URI.create("http://localhost:" + server.getAddress().getPort() + "/"), patience);
  }

  private static Terms probing(URI url, Duration patience) {
    return new Terms(
        numbers(50, 1 << 20, patience),
        Optional.empty(),
        Optional.of(
            new Probe(
                Optional.empty(), Optional.of(url), Duration.ofSeconds(5), Duration.ofMillis(50))));
  }

  /** What a request gets. */
  private interface Answer {
    int status();
  }

  private static HttpServer answering(Answer answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(answer.status(), -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aQueryIsAProbeToo(Product product) {
    try (TestDatabase database = rows(product, 100)) {
      for (String query : List.of("SELECT id FROM logs LIMIT 1", "SELECT no_such FROM logs")) {
        Terms terms =
            new Terms(
                numbers(10, 1 << 20, Duration.ofMillis(300)),
                Optional.empty(),
                Optional.of(
                    new Probe(
                        Optional.of(query),
                        Optional.empty(),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(20))));
        RunReport report =
            run(settings(database, terms, Map.of()), new SettableClock(NOW), RunListener.NONE);
        if (query.contains("no_such")) {
          assertThat(report.pacing().batches()).isZero(); // nothing was left by then
        } else {
          assertThat(report.exit()).as(report.failure()).isEqualTo(ExitCode.DONE);
          assertThat(report.removed()).isEqualTo(200);
        }
      }
    }
  }

  private static Terms hours(String window) {
    return new Terms(Pace.GENTLE, Optional.of(Window.parse(window)), Optional.empty());
  }

  @Test
  void outsideItsWindowARunIsRefused() {
    try (TestDatabase database = rows(Product.SQLITE, 10)) {
      Settings settings = settings(database, hours("01:00-05:00 Europe/Berlin"), Map.of());
      assertThatThrownBy(() -> run(settings, new SettableClock(NOW), RunListener.NONE))
          .isInstanceOfSatisfying(
              TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WINDOW_CLOSED))
          .hasMessageContaining(
              "the window 01:00-05:00 Europe/Berlin opens at 2026-10-01T23:00:00Z");
      assertThat(database.count("logs")).isEqualTo(10);

      RunOptions any = new RunOptions(false, Optional.empty(), OptionalLong.empty(), true);
      assertThat(run(settings, new SettableClock(NOW), any, RunListener.NONE).exit())
          .isEqualTo(ExitCode.DONE);
    }
  }

  @Test
  void aPolicyOutsideItsWindowIsLeftOut() {
    try (TestDatabase database = rows(Product.SQLITE, 10)) {
      Settings settings =
          settings(
              database, Terms.of(Pace.GENTLE), Map.of("notes", hours("01:00-05:00 Europe/Berlin")));
      RunReport report = run(settings, new SettableClock(NOW), RunListener.NONE);

      assertThat(report.exit()).isEqualTo(ExitCode.FORBIDDEN);
      assertThat(report.policies())
          .filteredOn(each -> each.policy().equals("notes"))
          .singleElement()
          .satisfies(each -> assertThat(each.skipped()).contains("opens at 2026-10-01T23:00:00Z"));
      assertThat(database.count("logs")).isZero();
      assertThat(database.count("notes")).isEqualTo(10);
    }
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void aRunEndsWithItsWindow(Action action) {
    SettableClock clock = new SettableClock(NOW);
    try (TestDatabase database = rows(Product.SQLITE, 600)) {
      Settings settings =
          Settings.of(
                  database.url(),
                  folder.resolve("archive"),
                  List.of(
                      Policy.of("logs", "logs")
                          .time("at")
                          .retain(Duration.ofDays(30))
                          .action(action)
                          .build()))
              .withTerms(hours("11:00-13:00"), Map.of());
      RunReport report =
          run(
              settings,
              clock,
              event -> {
                if (event instanceof RunEvent.Stepped stepped
                    && stepped.step() == Step.BATCH_COMMITTED) {
                  clock.set(NOW.plus(Duration.ofHours(2)));
                  sleep();
                }
              });

      assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(report.failure()).contains("at the end of the window 11:00-13:00 UTC");
      assertThat(database.count("logs")).isBetween(1L, 599L);
      clock.set(NOW.plus(Duration.ofDays(1)));
      assertThat(run(settings, clock, RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
      assertThat(database.count("logs")).isZero();
    }
  }

  /** The run looks at the clock ten times a second. */
  private static void sleep() {
    try {
      Thread.sleep(150);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
