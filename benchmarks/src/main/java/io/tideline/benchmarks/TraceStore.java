package io.tideline.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/**
 * A store of traces of 1 kB, before its migration: 1 million of them, or all if there are fewer, in
 * one session, whose last ten minutes are 1,000 traces; each tenth also in another session.
 *
 * @param traces all traces
 */
record TraceStore(int traces) {
  /** The session that is asked for. */
  static final String SESSION = "session-large";

  /** Where its last ten minutes begin. */
  static final double SINCE = 1_750_000_000 - 600;

  private static final int LARGEST = 1_000_000;
  private static final String SCHEMA = "examples/traces/schema.sqlite.sql";

  /** The numbers of the example's ids are spread, so that they come in no order. */
  private static final String TRACES =
      """
      INSERT INTO traces
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1$d)
      SELECT printf('%%08x-trace-%%08d', (i * 2654435769) & 4294967295, i), 'llm_call', 'prod',
        '{"type": "llm_call", "text": "' || hex(randomblob(450)) || '"}', NULL,
        1750000000 - (%1$d - i) * %2$s, 1750000000 FROM n
      """;

  private static final String PLACES =
      """
      INSERT INTO trace_sessions
      SELECT id, iif((%1$d - rowid) %% %2$d = 0, '%3$s', 'session-' || rowid / 1000) FROM traces
      UNION ALL SELECT id, 'shared-' || rowid / 10000 FROM traces WHERE rowid %% 10 = 0
      """;

  /** Makes it, as fast as it goes; its log is empty in the end. */
  Path create(Path file, Path root) throws IOException {
    int step = Math.max(1, traces / LARGEST);
    String schema = Files.readString(root.resolve(SCHEMA), StandardCharsets.UTF_8);
    try (Connection connection = SqliteStore.connect(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = OFF");
      statement.execute("PRAGMA journal_mode = OFF");
      statement.execute("PRAGMA cache_size = -1000000");
      connection.setAutoCommit(false);
      int index = schema.indexOf("CREATE INDEX");
      statements(statement, schema.substring(0, index));
      statement.execute(String.format(Locale.ROOT, TRACES, traces, 0.6 / step));
      statement.execute(String.format(Locale.ROOT, PLACES, traces, step, SESSION));
      statements(statement, schema.substring(index));
      connection.commit();
      connection.setAutoCommit(true);
      statement.execute("PRAGMA journal_mode = WAL");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return file;
  }

  /** What its migration leaves, made at once, while nobody else uses it. */
  static void migrate(Path file) {
    try (Connection connection = SqliteStore.connect(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA cache_size = -1000000");
      statement.execute("PRAGMA journal_mode = OFF");
      statements(
          statement,
          """
          ALTER TABLE trace_sessions ADD COLUMN created_at REAL;
          UPDATE trace_sessions
            SET created_at = (SELECT t.created_at FROM traces t WHERE t.id = trace_id);
          CREATE INDEX idx_trace_sessions_session_time
            ON trace_sessions (session_uid, created_at DESC);
          DROP INDEX idx_trace_sessions_session;
          PRAGMA journal_mode = WAL
          """);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void statements(Statement statement, String script) throws SQLException {
    for (String sql : script.replaceAll("(?m)^--.*$", "").split(";")) {
      if (!sql.isBlank()) {
        statement.execute(sql);
      }
    }
  }

  /**
   * Bytes of the junction and its indexes, of all, of the index by session; the junction's rows.
   */
  static long[] bytes(Path file) {
    String sql =
        "SELECT sum(iif(s.tbl_name = 'trace_sessions', d.pgsize, 0)), sum(d.pgsize),"
            + " sum(iif(d.name LIKE 'idx_trace_sessions_session%', d.pgsize, 0)), (SELECT count(*) FROM trace_sessions) FROM dbstat d"
            + " LEFT JOIN sqlite_schema s ON s.name = d.name WHERE d.aggregate = TRUE";
    try (Connection connection = SqliteStore.connect(file);
        Statement statement = connection.createStatement();
        ResultSet sums = statement.executeQuery(sql)) {
      return new long[] {sums.getLong(1), sums.getLong(2), sums.getLong(3), sums.getLong(4)};
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Inserts traces and their places in a session, one transaction at a time. */
  static final class Inserts implements AutoCloseable {
    private static final String DATA =
        "{\"type\": \"llm_call\", \"text\": \"" + "0123456789".repeat(90) + "\"}";

    private final Connection connection;
    private final PreparedStatement trace;
    private final PreparedStatement place;
    private final boolean timed;
    private final String session;
    private final int from;
    private int number;

    /** Numbers them from one on; writes the time into the junction, too, if it is timed. */
    Inserts(Path file, String session, boolean timed, int from) throws SQLException {
      this.from = from;
      this.number = from;
      this.session = session;
      this.timed = timed;
      connection = SqliteStore.connect(file);
      try (Statement settings = connection.createStatement()) {
        settings.execute("PRAGMA busy_timeout = 5000");
        settings.execute("PRAGMA synchronous = NORMAL");
        settings.execute("PRAGMA foreign_keys = ON");
      }
      connection.setAutoCommit(false);
      trace =
          connection.prepareStatement(
              "INSERT INTO traces VALUES (?, 'llm_call', 'prod', ?, NULL, ?, 1750000000)");
      place =
          connection.prepareStatement(
              timed
                  ? "INSERT INTO trace_sessions (trace_id, session_uid, created_at) VALUES (?, ?, ?)"
                  : "INSERT INTO trace_sessions (trace_id, session_uid) VALUES (?, ?)");
    }

    /** Inserts so many in one transaction; nothing if it fails. */
    void insert(int traces) throws SQLException {
      try {
        for (int i = 0; i < traces; i++) {
          number++;
          String id = String.format(Locale.ROOT, "%08x-trace-%08d", number * 0x9E3779B1, number);
          double time = 1_750_000_000 + (number - from) * 0.6;
          trace.setString(1, id);
          trace.setString(2, DATA);
          trace.setDouble(3, time);
          trace.executeUpdate();
          place.setString(1, id);
          place.setString(2, session);
          if (timed) {
            place.setDouble(3, time);
          }
          place.executeUpdate();
        }
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    }

    /** Empties the log, so that each pays for its own pages. */
    void checkpoint() throws SQLException {
      connection.setAutoCommit(true);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      }
      connection.setAutoCommit(false);
    }

    @Override
    public void close() throws SQLException {
      trace.close();
      place.close();
      connection.close();
    }
  }
}
