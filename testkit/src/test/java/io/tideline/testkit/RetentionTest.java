package io.tideline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Retention;
import io.tideline.RetentionOpening;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Policy;
import io.tideline.policy.Settings;
import io.tideline.run.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies that run by themselves inside an application. */
final class RetentionTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path dir;

  private Path store;
  private final BlockingQueue<RunReport> runs = new LinkedBlockingQueue<>();
  private final BlockingQueue<RuntimeException> failures = new LinkedBlockingQueue<>();

  @BeforeEach
  void makeStore() throws SQLException {
    store = dir.resolve("store.db");
    execute(
        "CREATE TABLE logs (id INTEGER PRIMARY KEY, at TEXT NOT NULL)",
        "INSERT INTO logs (at) VALUES ('2020-01-01 00:00:00')");
  }

  private void execute(String... sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
        Statement statement = connection.createStatement()) {
      for (String each : sql) {
        statement.execute(each);
      }
    }
  }

  private long rows() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM logs")) {
      return row.getLong(1);
    }
  }

  private RetentionOpening opening(Path database) {
    Policy logs = Policy.of("logs", "logs").time("at").retain(Duration.ofDays(30)).build();
    return Retention.of(Settings.of("sqlite:" + database, dir.resolve("archive"), List.of(logs)))
        .onRun(runs::add)
        .onFailure(failures::add);
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    return Optional.ofNullable(queue.poll(60, TimeUnit.SECONDS)).orElseThrow();
  }

  @Test
  void runsAtItsTimesAndOldRowsGo() throws Exception {
    try (Retention retention = opening(store).every(Duration.ofSeconds(1)).start()) {
      assertThat(next(runs).removed()).isEqualTo(1);
      assertThat(next(runs).removed()).isZero();
      assertThat(rows()).isZero();
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void runsWhenItIsAskedAndNotBefore() throws Exception {
    List<Instant> asked = new ArrayList<>();
    try (Retention retention =
        opening(store)
            .at(
                now -> {
                  asked.add(now);
                  return Optional.empty();
                })
            .start()) {
      assertThat(runs.poll(300, TimeUnit.MILLISECONDS)).isNull();
      assertThat(rows()).isEqualTo(1);
      retention.runSoon();
      assertThat(next(runs).removed()).isEqualTo(1);
    }
    assertThat(asked).isNotEmpty();
  }

  @Test
  void aFailureIsToldAndTheNextRunComes() throws Exception {
    Path missing = dir.resolve("missing.db");
    try (Retention retention = opening(missing).at(now -> Optional.empty()).start()) {
      retention.runSoon();
      assertThat(next(failures))
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_MISSING));
      Files.copy(store, missing);
      retention.runSoon();
      assertThat(next(runs).removed()).isEqualTo(1);
    }
  }

  @Test
  void aListenerThatFailsEndsNothing() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (Retention retention =
        opening(store)
            .at(now -> Optional.empty())
            .onRun(
                run -> {
                  heard.add("run");
                  throw new IllegalStateException("of the listener");
                })
            .start()) {
      retention.runSoon();
      assertThat(next(heard)).isEqualTo("run");
      assertThat(next(failures)).hasMessage("of the listener");
      retention.runSoon();
      assertThat(next(heard)).isEqualTo("run");
    }
  }

  @Test
  void closeEndsItForGood() throws Exception {
    Retention retention = opening(store).at(now -> Optional.empty()).start();
    assertThat(retention.running()).isFalse();
    assertThat(retention.close(LONG)).isTrue();
    retention.runSoon();
    assertThat(runs.poll(200, TimeUnit.MILLISECONDS)).isNull();
    assertThat(retention.close(LONG)).isTrue();
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void theExampleOfTheDocumentRuns() throws Exception {
    Policy logs = Policy.of("logs", "logs").time("at").retain(Duration.ofDays(30)).build();
    Settings settings = Settings.of("sqlite:" + store, dir.resolve("archive"), List.of(logs));
    // tag::embedded[]
    Retention retention =
        Retention.of(settings) // at the pace of the settings, which is gentle
            .every(Duration.ofHours(6))
            .onRun(run -> System.out.println(run.removed() + " rows archived and deleted"))
            .onFailure(e -> System.err.println(e.getMessage())) // such as LEASE_HELD: later
            .start();
    // … and when the application ends:
    retention.close();
    // end::embedded[]
    assertThat(retention.running()).isFalse();
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("mvnw"))) {
      root = root.getParent();
    }
    String source =
        Files.readString(
            root.resolve("testkit/src/test/java/io/tideline/testkit/RetentionTest.java"));
    String example =
        source
            .substring(
                source.indexOf("// tag::embedded[]\n") + 19, source.indexOf("    // end::embedded"))
            .stripTrailing()
            .stripIndent();
    assertThat(Files.readString(root.resolve("docs/library.md"))).contains(example);
  }

  @Test
  void moreThanOnceASecondIsRefused() {
    assertThatThrownBy(() -> opening(store).every(Duration.ofMillis(10)))
        .hasMessage("Cannot run more often than once a second: PT0.01S");
  }
}
