package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.policy.Action;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.policy.Strain;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import io.tideline.testkit.SettableClock;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run on PostgreSQL waits for, and the end of the wait. */
class StrainedServersTest {
  private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
  private static final String TABLE =
      "CREATE TABLE events (id int PRIMARY KEY, at timestamptz NOT NULL, payload text)";

  @TempDir Path folder;

  private static String rows(int count) {
    return "INSERT INTO events SELECT i, '2026-01-01', repeat('p', 1000) FROM generate_series(1, "
        + count
        + ") AS i";
  }

  /** Small batches, so that a run of 1,200 rows lasts for three seconds: it looks once a second. */
  private static Pace pace(Duration patience) {
    return new Pace(
        Pace.Base.GENTLE,
        Optional.of(Duration.ofMillis(5)),
        0.5,
        5,
        5,
        1 << 20,
        Duration.ofSeconds(1),
        patience);
  }

  private RunReport run(String url, Duration patience, RunListener listener) {
    Policy policy =
        Policy.of("old", "events")
            .time("at")
            .retain(Duration.ofDays(30))
            .action(Action.DELETE)
            .build();
    Settings settings =
        Settings.of(url, folder.resolve("archive"), List.of(policy)).withPace(pace(patience));
    try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
      return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), listener);
    }
  }

  private static boolean waits(RunEvent event, Strain.Cause cause) {
    return event instanceof RunEvent.Waited waited && waited.why().cause() == cause;
  }

  private static void waitedOnlyFor(RunReport report, int rows, Strain.Cause cause, String why) {
    assertThat(report.exit()).as(report.failure()).isEqualTo(ExitCode.DONE);
    assertThat(report.removed()).isEqualTo(rows);
    assertThat(report.pacing().waits())
        .singleElement()
        .satisfies(
            wait -> {
              assertThat(wait.cause()).isEqualTo(cause);
              assertThat(wait.last()).contains(why);
            });
  }

  @Test
  void aRunWaitsForTheVacuumOfItsTable() throws Exception {
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase();
        Connection connection = database.connect();
        Statement vacuum = connection.createStatement()) {
      database.execute(TABLE, rows(300));
      vacuum.execute("SET vacuum_cost_delay = 100");
      vacuum.execute("SET vacuum_cost_limit = 1");
      Thread vacuuming = new Thread(() -> vacuum(vacuum));
      vacuuming.start();
      awaitVacuum(database);
      RunReport report =
          run(
              database.url(),
              Duration.ofMinutes(1),
              event -> {
                if (waits(event, Strain.Cause.VACUUM)) {
                  cancel(vacuum);
                }
              });
      vacuuming.join();

      waitedOnlyFor(report, 300, Strain.Cause.VACUUM, "a vacuum cleans the table events");
      assertThat(database.count("events")).isZero();
    }
  }

  private static void vacuum(Statement statement) {
    try {
      statement.execute("VACUUM events");
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isEqualTo("57014"); // it was cancelled
    }
  }

  private static void cancel(Statement statement) {
    try {
      statement.cancel();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitVacuum(PostgresTestDatabase database) throws InterruptedException {
    String sql =
        "SELECT count(*) FROM pg_locks WHERE relation = 'events'::regclass"
            + " AND mode = 'ShareUpdateExclusiveLock'";
    while (!database.query(sql).equals(List.of("1"))) {
      Thread.sleep(10);
    }
  }

  @Test
  void aRunWaitsForTheReplicaThatLags() throws Exception {
    Path data = folder.resolve("primary");
    try (EmbeddedPostgres primary = server(data)) {
      execute(primary, TABLE, rows(1_200));
    }
    Path copy = copy(data, folder.resolve("replica"));
    try (EmbeddedPostgres primary = server(data);
        EmbeddedPostgres replica = replica(copy, primary)) {
      awaitReplica(primary);
      execute(replica, "SELECT pg_wal_replay_pause()");
      String url = "postgresql://postgres:postgres@localhost:" + primary.getPort() + "/postgres";
      RunReport report =
          run(
              url,
              Duration.ofMinutes(1),
              event -> {
                if (waits(event, Strain.Cause.REPLICA)) {
                  execute(replica, "SELECT pg_wal_replay_resume()");
                }
              });

      waitedOnlyFor(report, 1_200, Strain.Cause.REPLICA, "the replica copy lags");

      execute(primary, rows(1_200));
      execute(replica, "SELECT pg_wal_replay_pause()");
      RunReport impatient = run(url, Duration.ofMillis(500), RunListener.NONE);
      assertThat(impatient.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(impatient.failure()).contains("the replica copy lags", "Run again");
      assertThat(impatient.removed()).isBetween(1L, 1_199L);
    }
  }

  private static EmbeddedPostgres server(Path data) throws Exception {
    return EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false).start();
  }

  private static EmbeddedPostgres replica(Path data, EmbeddedPostgres primary) throws Exception {
    Files.createFile(data.resolve("standby.signal"));
    Files.writeString(
        data.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=localhost port="
            + primary.getPort()
            + " user=postgres application_name=copy'\n",
        StandardOpenOption.APPEND);
    return server(data);
  }

  /** Owners and rights as they are, which the server wants. */
  private static Path copy(Path from, Path to) throws Exception {
    Process copying =
        new ProcessBuilder("cp", "-a", from.toString(), to.toString()).inheritIO().start();
    assertThat(copying.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(copying.exitValue()).isZero();
    return to;
  }

  private static void awaitReplica(EmbeddedPostgres primary) throws Exception {
    String sql = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'";
    try (Connection connection = connect(primary);
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 600; i++) {
        try (ResultSet rows = statement.executeQuery(sql)) {
          rows.next();
          if (rows.getInt(1) == 1) {
            return;
          }
        }
        Thread.sleep(100);
      }
    }
    throw new AssertionError("no replica");
  }

  private static Connection connect(EmbeddedPostgres server) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + server.getPort() + "/postgres", "postgres", "postgres");
  }

  private static void execute(EmbeddedPostgres server, String... statements) {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
