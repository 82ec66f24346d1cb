package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Plan;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import io.tideline.testkit.SettableClock;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL servers that take no writes, and a database that keeps bytes of no encoding. */
class UnusualServersTest {
  private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
  private static final String[] ROWS = {
    "CREATE TABLE events (id int PRIMARY KEY, at timestamptz NOT NULL, payload text)",
    "INSERT INTO events SELECT i, '2026-01-01', 'p' || i FROM generate_series(1, 20) AS i"
  };

  @TempDir Path folder;

  private Tideline open(String url, String format) {
    Policy policy =
        Policy.of("old", "events").time("at").retain(Duration.ofDays(30)).format(format).build();
    return Tideline.open(
        Settings.of(url, folder.resolve("archive"), List.of(policy)).withPace(Pace.OFFLINE),
        new SettableClock(NOW));
  }

  private void plansAndRefuses(String url, String why) {
    try (Tideline tideline = open(url, "parquet")) {
      Plan plan = tideline.plan(Selection.all(), RunListener.NONE);
      assertThat(plan.policies().get(0).rows()).isEqualTo(20);
      assertThatThrownBy(() -> tideline.run(plan, RunListener.NONE))
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_READ_ONLY))
          .hasMessageStartingWith("Cannot write to ")
          .hasMessageEndingWith(
              ": "
                  + why
                  + ". Nothing was changed. `tideline plan` works on it; to run, use the primary or"
                  + " make it writable.");
      assertThat(folder.resolve("archive").resolve("runs")).doesNotExist();
    }
  }

  @Test
  void aServerThatIsReadOnlyByDefaultIsPlannedOnly() {
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      database.execute(ROWS);
      String name = database.query("SELECT current_database()").get(0);
      database.execute("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
      plansAndRefuses(database.url(), "the server sets default_transaction_read_only");
    }
  }

  @Test
  void aStandbyIsPlannedOnly() throws Exception {
    Path data = folder.resolve("data");
    try (EmbeddedPostgres primary = server(data)) {
      execute(jdbc(primary, "postgres"), ROWS);
    }
    Files.createFile(data.resolve("standby.signal"));
    try (EmbeddedPostgres standby = server(data)) {
      plansAndRefuses(
          "postgresql://postgres:postgres@localhost:" + standby.getPort() + "/postgres",
          "the server is a standby");
    }
  }

  private static EmbeddedPostgres server(Path data) throws Exception {
    return EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false).start();
  }

  private static String jdbc(EmbeddedPostgres server, String database) {
    return jdbc(server.getPort(), database);
  }

  private static String jdbc(int port, String database) {
    return "jdbc:postgresql://localhost:" + port + "/" + database;
  }

  private static void execute(String jdbc, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbc, "postgres", "postgres");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> bytes(String jdbc) throws SQLException {
    String sql =
        "SELECT id || ' ' || encode(convert_to(payload, 'SQL_ASCII'), 'hex') FROM events ORDER BY id";
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(jdbc, "postgres", "postgres");
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "jsonl"})
  void bytesOfNoEncodingAreArchivedAndComeBack(String format) throws Exception {
    int port = EmbeddedPostgresServer.shared().port();
    String name = "ascii_" + format;
    execute(
        jdbc(port, "postgres"),
        "CREATE DATABASE "
            + name
            + " ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
    try {
      String jdbc = jdbc(port, name);
      execute(jdbc, ROWS);
      execute(
          jdbc,
          "UPDATE events SET payload = convert_from('\\xff80fe5c0a27', 'SQL_ASCII') WHERE id = 1",
          "UPDATE events SET payload = convert_from('\\xc3', 'SQL_ASCII') WHERE id = 2",
          "UPDATE events SET payload = convert_from('\\xc3bc', 'SQL_ASCII') WHERE id = 3");
      List<String> before = bytes(jdbc);
      assertThat(before).contains("1 ff80fe5c0a27", "2 c3", "3 c3bc");
      String url = "postgresql://postgres:postgres@localhost:" + port + "/" + name;
      try (Tideline tideline = open(url, format)) {
        Plan plan = tideline.plan(Selection.all(), RunListener.NONE);
        assertThat(tideline.run(plan, RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
        assertThat(bytes(jdbc)).isEmpty();
        assertThat(tideline.restore(RestoreRequest.everything(), RunListener.NONE).exit())
            .isEqualTo(ExitCode.DONE);
      }
      assertThat(bytes(jdbc)).isEqualTo(before);
    } finally {
      execute(jdbc(port, "postgres"), "DROP DATABASE " + name + " WITH (FORCE)");
    }
  }
}
