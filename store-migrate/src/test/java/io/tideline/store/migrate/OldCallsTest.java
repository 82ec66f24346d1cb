package io.tideline.store.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.store.Database;
import io.tideline.store.TraceStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What applications of the old layout do after the switch. */
final class OldCallsTest {
  private static final String COLUMNS =
      "(id, context_type, namespace, data, metadata, created_at, updated_at)";

  private static final List<String> CALLS =
      List.of(
          "REPLACE INTO traces " + COLUMNS + " VALUES ('same', 't', 'n', 'a', NULL, 5, 5)",
          "INSERT OR IGNORE INTO traces " + COLUMNS + " VALUES ('SAME', 't', 'n', 'b', '', 6, 6)",
          "INSERT INTO traces "
              + COLUMNS
              + " VALUES ('SAME', 't', 'n', 'c', '', 1700000007, 7) ON CONFLICT (id) DO UPDATE SET"
              + " data = excluded.data, created_at = excluded.created_at",
          "REPLACE INTO traces "
              + COLUMNS
              + " SELECT id, context_type, namespace, 'd', metadata, created_at + 1, updated_at"
              + " FROM traces WHERE namespace = 'räume-1' ORDER BY id",
          "UPDATE traces SET created_at = created_at + 50 WHERE context_type = 'type-1'",
          "UPDATE OR IGNORE traces SET id = 'SAME' WHERE id = 'same'",
          "INSERT OR IGNORE INTO trace_sessions VALUES ('same', 'session-1')",
          "INSERT OR REPLACE INTO trace_sessions (session_uid, trace_id) SELECT 'session-2', id"
              + " FROM traces WHERE namespace = 'räume-2'",
          "REPLACE INTO traces "
              + COLUMNS
              + " SELECT id, 'e', namespace, data, metadata, created_at, updated_at"
              + " FROM traces WHERE id IN ('same', 'SAME') ORDER BY id",
          "DELETE FROM trace_sessions WHERE session_uid = 'session-3'",
          "DELETE FROM traces WHERE namespace = 'räume-0'",
          "REPLACE INTO traces " + COLUMNS + " VALUES ('late', 't', 'n', '{}', NULL, 9, 9)",
          "INSERT OR IGNORE INTO traces " + COLUMNS + " VALUES ('late', 't', 'n', '', '', 8, 8)",
          "INSERT INTO trace_sessions VALUES ('late', 'session-1')",
          "DELETE FROM traces WHERE id = 'late'");

  @TempDir Path folder;

  /** With mappings as their traces show them: those of no trace are gone afterwards. */
  private static List<String> shown(OldStore store) {
    List<String> all =
        new ArrayList<>(
            store.rows(
                "SELECT id, context_type, data, created_at FROM traces"
                    + " ORDER BY created_at DESC, rowid DESC"));
    all.addAll(
        store.rows(
            "SELECT s.session_uid, t.id, t.created_at FROM trace_sessions s JOIN traces t"
                + " ON t.id = s.trace_id ORDER BY s.session_uid, t.created_at DESC, t.rowid DESC"));
    return all;
  }

  private static void call(OldStore store, boolean keys, boolean recursive, String statement)
      throws SQLException {
    try (Connection connection = store.connect(keys);
        Statement each = connection.createStatement()) {
      each.execute("PRAGMA recursive_triggers = " + recursive);
      each.execute(statement);
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void eachDoesWhatItDid(boolean foreignKeys, boolean recursive) throws Exception {
    OldStore old = OldStore.make(folder).filled(60, 31);
    old.execute("INSERT OR IGNORE INTO trace_sessions VALUES ('same', 'b'), ('SAME', 'b')");
    OldStore unmigrated = new OldStore(Files.copy(old.file(), folder.resolve("unmigrated.db")));
    old.migration().run();
    for (String statement : CALLS) {
      call(unmigrated, foreignKeys, recursive, statement);
      call(old, foreignKeys, recursive, statement);
      assertThat(shown(old)).as(statement).isEqualTo(shown(unmigrated));
    }
    // The last deletes what was noted as perhaps replaced: its mapping may stay until an undo.
    assertThat(
            old.rows(
                "SELECT count(*) FROM session_traces AS m JOIN traces AS t ON t.seq = m.seq"
                    + " WHERE t.created_at <> m.created_at"))
        .containsExactly("0");
    assertThat(old.rows("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(old.migration().undo().stage()).isEqualTo(Stage.OLD);
    assertThat(shown(old)).isEqualTo(shown(unmigrated));
  }

  @Test
  void goOnOrFailLoudly() throws Exception {
    OldStore old = OldStore.make(folder).filled(20, 11);
    old.migration().run();
    try (Connection connection = old.connect(true)) {
      OldStore.insert(connection, "INSERT", "later", new Random(1), 1_800_000_000);
      OldStore.map(connection, "later", "a");
      OldStore.map(connection, "later", "a");
      OldStore.map(connection, "later", "b");
      try (Statement statement = connection.createStatement()) {
        assertThat(statement.executeUpdate("DELETE FROM trace_sessions WHERE session_uid = 'b'"))
            .isEqualTo(1);
        fails(statement, "INSERT INTO trace_sessions VALUES ('nobody', 'a')", "no such trace");
        fails(
            statement,
            "INSERT OR IGNORE INTO trace_sessions VALUES ('later', NULL)",
            "session_uid is NULL");
        fails(
            statement,
            "INSERT INTO traces VALUES ('p', 't', 'n', '{}', '', 1, 1)",
            "has 8 columns but 7 values were supplied");
        fails(
            statement,
            "UPDATE trace_sessions SET session_uid = 'c'",
            "cannot modify trace_sessions because it is a view");
        statement.execute("CREATE TABLE IF NOT EXISTS trace_sessions (trace_id, session_uid)");
        statement.execute("CREATE INDEX IF NOT EXISTS idx_traces_namespace ON traces (namespace)");
        fails(
            statement,
            "CREATE INDEX IF NOT EXISTS idx_trace_sessions_trace ON trace_sessions (trace_id)",
            "views may not be indexed");
        fails(
            statement,
            "INSERT INTO trace_sessions VALUES ('later', 'a') ON CONFLICT DO NOTHING",
            "cannot UPSERT a view");
      }
    }
    assertThat(old.rows("SELECT session_uid FROM trace_sessions WHERE trace_id = 'later'"))
        .containsExactly("a");
  }

  private static void fails(Statement statement, String sql, String why) {
    assertThatThrownBy(() -> statement.execute(sql)).hasMessageContaining(why);
  }

  /** IGNORE would leave such a row out, and nobody would hear of it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT OR IGNORE INTO traces (id, context_type, data, created_at, updated_at)"
            + " VALUES ('x', 't', '{}', 1, 1)",
        "INSERT OR IGNORE INTO traces (id, context_type, namespace, data, created_at, updated_at)"
            + " VALUES ('x', 't', 'n', '{}', '2026-01-01', 1)",
        "UPDATE OR IGNORE traces SET namespace = NULL"
      })
  void aRowThatTheNewLayoutHasNoPlaceForIsNotLeftOutSilently(String statement) {
    OldStore old = OldStore.make(folder, "created_at REAL, updated_at REAL", "").filled(9, 32);
    old.migration().run();
    assertThatThrownBy(() -> old.execute(statement)).hasMessageContaining("namespace or data is");
  }

  @Test
  void columnsKeepTheirOrderAndTheirDefaults() {
    OldStore old = new OldStore(folder.resolve("other.db"));
    old.execute(
        "CREATE TABLE traces (created_at REAL DEFAULT (unixepoch() * 1.0), id TEXT PRIMARY KEY,"
            + " namespace TEXT DEFAULT 'main', context_type TEXT, data TEXT, metadata TEXT"
            + " DEFAULT '{}', updated_at REAL DEFAULT 1)",
        "CREATE TABLE trace_sessions (session_uid TEXT, trace_id TEXT,"
            + " PRIMARY KEY (trace_id, session_uid)) WITHOUT ROWID",
        "INSERT INTO traces (id, context_type, data) VALUES ('a', 't', '1')",
        "INSERT INTO trace_sessions VALUES ('s', 'a')");
    String first = old.rows("SELECT * FROM traces").get(0);
    old.migration().run();
    assertThat(old.rows("SELECT * FROM traces")).containsExactly(first + "|1");
    old.execute(
        "INSERT OR IGNORE INTO traces (id, context_type, data) VALUES ('b', 't', '2')",
        "INSERT INTO trace_sessions VALUES ('s', 'b')");
    assertThat(old.rows("SELECT namespace, metadata, created_at > 1 FROM traces WHERE id = 'b'"))
        .containsExactly("main|{}|1");
    assertThat(old.rows("SELECT * FROM trace_sessions ORDER BY 2")).containsExactly("s|a", "s|b");
    old.migration().undo();
    assertThat(old.rows("SELECT * FROM trace_sessions ORDER BY 2")).containsExactly("s|a", "s|b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void aReaderKeepsItsSnapshotAcrossTheSwitch(String journal) throws Exception {
    OldStore old = OldStore.make(folder).filled(100, 33);
    old.execute("PRAGMA journal_mode = " + journal);
    String query = "SELECT count(*), max(trace_id) FROM trace_sessions";
    String expected = old.rows(query).get(0);
    try (Connection reader = old.connect(true);
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      assertThat(row(statement, query)).isEqualTo(expected);
      if (journal.equals("WAL")) {
        assertThat(old.migration().run().stage()).isEqualTo(Stage.SWITCHED);
        old.execute("DELETE FROM traces");
      } else {
        OldStore.refuses(
            old.migration().patience(Duration.ZERO),
            MigrationException.Reason.BUSY,
            "held its lock");
      }
      assertThat(row(statement, query)).isEqualTo(expected);
      reader.commit();
    }
    assertThat(old.migration().run().stage()).isEqualTo(Stage.SWITCHED);
    assertThat(old.rows("PRAGMA journal_mode")).containsExactly(journal.toLowerCase());
  }

  private static String row(Statement statement, String query) throws SQLException {
    try (var result = statement.executeQuery(query)) {
      return result.getString(1) + "|" + result.getString(2);
    }
  }

  @Test
  void endWhenAsked() {
    OldStore old = OldStore.make(folder).filled(30, 34);
    old.migration().run();
    assertThatThrownBy(() -> old.migration().endOldCalls())
        .hasMessageContaining("after finish, and it is SWITCHED");
    old.migration().finish();
    old.execute("CREATE VIEW v AS SELECT * FROM trace_sessions");
    assertThatThrownBy(() -> old.migration().endOldCalls())
        .hasMessageContaining("the view v names these tables");
    old.execute("DROP VIEW v");
    List<String> traces = old.rows("SELECT * FROM traces");
    assertThat(old.migration().endOldCalls().stage()).isEqualTo(Stage.NEW);
    assertThat(old.migration().endOldCalls().stage()).as("again").isEqualTo(Stage.NEW);
    assertThat(old.rows("SELECT * FROM traces")).isEqualTo(traces);
    assertThat(
            old.rows(
                "SELECT name FROM sqlite_schema WHERE name LIKE 'tideline%'"
                    + " OR type IN ('view', 'trigger')"))
        .isEmpty();
    old.execute("CREATE VIEW trace_sessions AS SELECT 1 AS mine");
    old.migration().endOldCalls();
    assertThat(old.rows("SELECT mine FROM trace_sessions")).containsExactly("1");
    try (Database database = Database.sqlite(old.file()).open()) {
      assertThat(TraceStore.open(database).sessions(null, 9)).hasSize(OldStore.SESSIONS);
    }
  }
}
