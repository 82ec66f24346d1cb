package io.tideline.store.migrate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A store of the old layout, and the calls that old applications make. */
record OldStore(Path file) {
  static final int SESSIONS = 7;
  private static final String TIMES = "created_at REAL NOT NULL, updated_at REAL NOT NULL";

  static OldStore make(Path folder) {
    return make(folder, TIMES, "");
  }

  static OldStore make(Path folder, String times, String mappingColumn) {
    OldStore store = new OldStore(folder.resolve("traces.db"));
    store.execute(
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE traces (id TEXT PRIMARY KEY, context_type TEXT, namespace TEXT,"
            + " data json text, metadata json text, "
            + times
            + ")",
        "CREATE TABLE trace_sessions (trace_id TEXT NOT NULL REFERENCES traces (id) ON DELETE"
            + " CASCADE, session_uid TEXT NOT NULL"
            + mappingColumn
            + ", PRIMARY KEY (trace_id, session_uid))",
        "CREATE INDEX idx_trace_sessions_session ON trace_sessions (session_uid)",
        "CREATE INDEX idx_trace_sessions_trace ON trace_sessions (trace_id)",
        "CREATE INDEX traces_created ON traces (created_at)",
        "CREATE INDEX idx_traces_context_type ON traces (context_type)",
        "CREATE INDEX idx_traces_namespace ON traces (namespace)");
    return store;
  }

  /**
   * Ties, several sessions a trace, traces without session, NULL metadata, ids that differ by case.
   */
  OldStore filled(int traces, long seed) {
    Random random = new Random(seed);
    try (Connection connection = connect(true)) {
      connection.setAutoCommit(false);
      for (int i = 0; i < traces; i++) {
        String id = (i % 2 == 0 ? "T" : "t") + random.nextLong() + (i % 2 == 0 ? "X" : "x");
        insert(connection, "INSERT", id, random, 1_700_000_000 + random.nextInt(traces / 3 + 1));
        for (int s = random.nextInt(4); s > 0; s--) {
          map(connection, id, "session-" + random.nextInt(SESSIONS));
        }
      }
      insert(connection, "INSERT", "same", random, 1_700_000_000.25);
      insert(connection, "INSERT", "SAME", random, 1_700_000_000.25);
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return this;
  }

  static void insert(Connection connection, String verb, String id, Random random, double at)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            verb
                + " INTO traces (id, context_type, namespace, data, metadata, created_at,"
                + " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, id);
      insert.setString(2, "type-" + random.nextInt(3));
      insert.setString(3, "räume-" + random.nextInt(3));
      insert.setString(4, "{\"n\":" + random.nextInt() + "}");
      insert.setString(5, random.nextBoolean() ? null : "{\"m\":" + random.nextInt() + "}");
      insert.setDouble(6, at);
      insert.setDouble(7, at + random.nextInt(9));
      insert.executeUpdate();
    }
  }

  static void map(Connection connection, String id, String session) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO trace_sessions (trace_id, session_uid) VALUES (?, ?)")) {
      insert.setString(1, id);
      insert.setString(2, session);
      insert.executeUpdate();
    }
  }

  Connection connect(boolean foreignKeys) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys = " + (foreignKeys ? "ON" : "OFF"));
      statement.execute("PRAGMA busy_timeout = 20000");
    }
    return connection;
  }

  void execute(String... statements) {
    executeWith(true, statements);
  }

  void executeWith(boolean foreignKeys, String... statements) {
    try (Connection connection = connect(foreignKeys);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every row of a query as one text, in its order. */
  List<String> rows(String sql) {
    try (Connection connection = connect(true);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(result.getObject(i)));
        }
        rows.add(String.join("|", row));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What an old reader sees of everything, whichever layout is beneath. */
  List<String> everything() {
    List<String> all =
        new ArrayList<>(
            rows(
                "SELECT id, context_type, namespace, data, metadata, typeof(metadata),"
                    + " CAST(created_at AS REAL), CAST(updated_at AS REAL) FROM traces"
                    + " ORDER BY id"));
    all.addAll(
        rows("SELECT trace_id, session_uid FROM trace_sessions ORDER BY trace_id, session_uid"));
    return all;
  }

  TraceStoreMigration migration() {
    return TraceStoreMigration.of("jdbc:sqlite:" + file).pace(40, 0);
  }

  /** What the old tables hold that were put aside. */
  List<String> frozen() {
    List<String> all =
        new ArrayList<>(
            rows(
                "SELECT id, context_type, namespace, data, metadata, typeof(metadata),"
                    + " CAST(created_at AS REAL), CAST(updated_at AS REAL) FROM traces_before"
                    + " ORDER BY id"));
    all.addAll(
        rows(
            "SELECT trace_id, session_uid FROM trace_sessions_before"
                + " ORDER BY trace_id, session_uid"));
    return all;
  }

  static void refuses(TraceStoreMigration migration, MigrationException.Reason why, String text) {
    assertThatThrownBy(migration::run)
        .hasMessageContaining(text)
        .asInstanceOf(type(MigrationException.class))
        .extracting(MigrationException::reason)
        .isEqualTo(why);
  }
}
