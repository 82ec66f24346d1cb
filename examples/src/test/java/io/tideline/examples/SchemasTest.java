package io.tideline.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.cli.demo.CodexLbStore;
import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The databases that the generators make: whole, valid, and as their READMEs say. */
final class SchemasTest {
  private static final Instant NOW = Instant.parse("2026-05-02T10:00:00Z");
  private static final String AT = NOW.toString();

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"codex-lb", "elspeth", "traces"})
  void sqliteFilesAreWholeAndAsTheReadmeSays(String example) throws Exception {
    String counts = new Place(dir, example).make(example, "a.db", "--now", AT);

    assertThat(readme(example)).contains("```\n" + counts + "```\n");
    try (Connection connection = sqlite("a.db")) {
      assertThat(column(connection, "PRAGMA foreign_key_check")).isEmpty();
      assertThat(column(connection, "PRAGMA integrity_check")).containsExactly("ok");
      for (String line : counts.lines().toList()) {
        String[] words = line.split(" +");
        assertThat(column(connection, "SELECT count(*) FROM " + words[0]))
            .containsExactly(words[1].replace(",", ""));
      }
    }
  }

  @Test
  void selfOsIsAsTheReadmeSays() throws Exception {
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase();
        Connection connection = database.connect()) {
      String counts = new Place(dir, "selfos").make("selfos", database.url(), "--now", AT);

      assertThat(readme("selfos")).contains("```\n" + counts + "```\n");
      String used =
          "SELECT count(*) FROM story_sessions WHERE created_at < '2025-05-02 10:00Z' AND ";
      assertThat(number(connection, used + "processing_status = 'pending'")).isPositive();
      assertThat(number(connection, used + "scheduled_for > '2026-05-02 10:00Z'")).isPositive();
      assertThat(
              number(
                  connection,
                  "SELECT count(*) FROM feedback_logs WHERE created_at < '2026-02-01 10:00Z' AND"
                      + " processed_at IS NULL"))
          .isPositive();
      connection.createStatement().execute("INSERT INTO goals (user_id, title) VALUES ('u', 'g')");
    }
  }

  @Test
  void elspethHoldsTheSameOnBoth() throws Exception {
    Place place = new Place(dir, "elspeth");
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase();
        Connection postgres = database.connect()) {
      String counts = place.make("elspeth", database.url(), "--now", AT);
      assertThat(place.make("elspeth", "a.db", "--now", AT)).isEqualTo(counts);
      assertThat(counts.lines()).hasSize(26);
      try (Connection sqlite = sqlite("a.db")) {
        for (String sql :
            List.of(
                "SELECT state_id || token_id || node_id || input_hash || coalesce(batch_id, '-')"
                    + " FROM node_states ORDER BY state_id",
                "SELECT batch_id || aggregation_state_id || coalesce(retry_of_batch_id, '-')"
                    + " FROM batches ORDER BY batch_id",
                "SELECT run_id || source_data_ref FROM rows ORDER BY row_id",
                "SELECT run_id || substr(cast(completed_at AS text), 1, 19) FROM runs"
                    + " WHERE completed_at IS NOT NULL ORDER BY run_id")) {
          assertThat(column(postgres, sql)).isNotEmpty().isEqualTo(column(sqlite, sql));
        }
      }
      assertThatThrownBy(() -> postgres.createStatement().execute("DELETE FROM export_snapshots"))
          .hasMessageContaining("sealed export snapshot cannot be deleted");
    }
  }

  @Test
  void elspethIsWhatItsReadmeTells() throws Exception {
    new Place(dir, "elspeth").make("elspeth", "a.db", "--now", AT);
    try (Connection connection = sqlite("a.db");
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys = ON");
      String old = "SELECT count(*) FROM runs r WHERE started_at < '2026-02-01 09:00:00' AND ";
      assertThat(number(connection, old + "true")).isEqualTo(26);
      assertThat(number(connection, old + "completed_at IS NULL")).isEqualTo(2);
      assertThat(
              number(
                  connection,
                  old
                      + "EXISTS (SELECT 1 FROM export_snapshots s WHERE s.run_id = r.run_id AND"
                      + " s.status = 'sealed')"))
          .isEqualTo(2);
      assertThatThrownBy(() -> statement.execute("DELETE FROM export_snapshots"))
          .hasMessageContaining("sealed export snapshot cannot be deleted");
      assertThat(number(connection, "SELECT count(*) FROM batches WHERE retry_of_batch_id NOTNULL"))
          .isPositive();
      assertThat(number(connection, "SELECT count(*) FROM tokens WHERE parent_token_id NOTNULL"))
          .isPositive();
      assertThat(number(connection, "SELECT count(*) FROM calls WHERE operation_id IS NULL"))
          .isPositive();
    }
  }

  /** The generator is the command's own; the schema that people read must be the same. */
  @Test
  void codexLbHasTheSchemaOfTheGenerator() throws Exception {
    new CodexLbStore(2, 10, 10, 1).create(dir.resolve("made.db"), NOW);
    try (Connection made = sqlite("made.db");
        Connection read = sqlite("read.db");
        Statement statement = read.createStatement()) {
      statement.executeUpdate(
          Files.readString(Place.EXAMPLES.resolve("codex-lb/schema.sqlite.sql")));
      String sql = "SELECT sql FROM sqlite_master WHERE sql NOTNULL ORDER BY name";
      assertThat(words(column(read, sql))).isEqualTo(words(column(made, sql)));
    }
  }

  @Test
  void codexLbCopiesToPostgres() throws Exception {
    Path schema = Place.EXAMPLES.resolve("codex-lb/schema.postgresql.sql");
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase();
        Connection connection = database.connect();
        Store store = Store.open(database.url())) {
      store.script(Files.readString(schema));
      new CodexLb(900, 480).fill(store, new Example.Order(NOW, 7, 1, dir));
      store.commit();

      assertThat(number(connection, "SELECT count(*) FROM usage_history")).isEqualTo(900);
      assertThat(number(connection, "SELECT count(*) FROM request_logs")).isEqualTo(480);
      assertThat(
              number(
                  connection,
                  "INSERT INTO request_logs (account_id, request_id, model, status)"
                      + " VALUES ('acc-01', 'r', 'm', 's') RETURNING id"))
          .isEqualTo(481);
    }
  }

  @Test
  void anotherSeedMakesOtherRows() throws Exception {
    Place place = new Place(dir, "traces");
    place.make("traces", "a.db", "--now", AT);
    place.make("traces", "b.db", "--now", AT);
    place.make("traces", "c.db", "--now", AT, "--seed", "8");
    String sql = "SELECT id || data || created_at FROM traces ORDER BY id";
    try (Connection a = sqlite("a.db");
        Connection b = sqlite("b.db");
        Connection c = sqlite("c.db")) {
      assertThat(column(a, sql)).isEqualTo(column(b, sql)).isNotEqualTo(column(c, sql));
    }
  }

  @Test
  void refusesWhatItCannotMake() throws Exception {
    Place place = new Place(dir, "traces");
    Files.writeString(dir.resolve("there.db"), "");

    assertThatThrownBy(() -> place.make("traces", "there.db"))
        .hasMessageContaining("there.db: it exists. Remove it first.");
    assertThatThrownBy(() -> place.make("traces", "postgresql://localhost/x"))
        .hasMessage("The example traces is for SQLite.");
    assertThatThrownBy(() -> place.make("selfos", "a.db"))
        .hasMessage("The example selfos is for PostgreSQL.");
    assertThatThrownBy(() -> place.make("other", "a.db"))
        .hasMessageStartingWith("Usage: make codex-lb|elspeth|selfos|traces DATABASE");
    assertThatThrownBy(() -> place.make("traces", "a.db", "--now", "noon"))
        .hasMessage("Cannot read 'noon' as --now.");
    assertThat(dir.resolve("a.db")).doesNotExist();
  }

  private static String readme(String example) throws IOException {
    return Files.readString(Place.EXAMPLES.resolve(example).resolve("README.md"));
  }

  private Connection sqlite(String file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + dir.resolve(file));
  }

  private static List<String> words(List<String> statements) {
    return statements.stream().map(sql -> sql.replaceAll("\\s+", " ").strip()).toList();
  }

  private static long number(Connection connection, String sql) throws SQLException {
    return Long.parseLong(column(connection, sql).get(0));
  }

  private static List<String> column(Connection connection, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
