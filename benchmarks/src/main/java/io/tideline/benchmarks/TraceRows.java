package io.tideline.benchmarks;

import io.tideline.store.Database;
import io.tideline.store.SessionTrace;
import io.tideline.store.Trace;
import io.tideline.store.TraceStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;

/** Traces that rise in time, a tenth of them in the session {@code hot}. */
final class TraceRows {
  static final String HOT = "hot";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int BATCH = 1_000;

  /** What both layouts have. */
  private static final String TRACES =
      """
      CREATE TABLE traces (seq INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL,
        context_type TEXT NOT NULL, namespace TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT,
        created_at REAL NOT NULL, updated_at REAL NOT NULL);
      CREATE INDEX idx_traces_created ON traces (created_at);
      CREATE INDEX idx_traces_context_type ON traces (context_type);
      CREATE INDEX idx_traces_namespace ON traces (namespace);
      """;

  /** How traces are mapped to sessions, by plain JDBC. */
  enum Mapping {
    /** Without the time, with the old two indexes. */
    OLD(
        """
        CREATE TABLE trace_sessions (trace_id TEXT NOT NULL REFERENCES traces (id)
          ON DELETE CASCADE, session_uid TEXT NOT NULL, PRIMARY KEY (trace_id, session_uid));
        CREATE INDEX idx_trace_sessions_session ON trace_sessions (session_uid);
        CREATE INDEX idx_trace_sessions_trace ON trace_sessions (trace_id)""",
        "INSERT INTO trace_sessions (trace_id, session_uid) VALUES (?, ?)"),
    /** As the library does it. */
    TIMED(
        """
        CREATE TABLE session_traces (session_uid TEXT NOT NULL, created_at REAL NOT NULL,
          seq INTEGER NOT NULL REFERENCES traces (seq) ON DELETE CASCADE,
          PRIMARY KEY (session_uid, created_at DESC, seq DESC)) WITHOUT ROWID;
        CREATE INDEX session_traces_seq ON session_traces (seq)""",
        "INSERT INTO session_traces (seq, session_uid, created_at) VALUES (?, ?, ?)");

    private final String schema;
    private final String insert;

    Mapping(String schema, String insert) {
      this.schema = TRACES + schema;
      this.insert = insert;
    }
  }

  private TraceRows() {}

  /** Ids that sort by their number. */
  static IntFunction<String> inOrder() {
    return i -> new UUID(((long) i << 16) | 0x7000, 0x8000_0000_0000_0000L | i).toString();
  }

  /** Ids that lie anywhere, the same for the same number. */
  static IntFunction<String> anywhere() {
    return i -> {
      Random random = new Random(i * 0x9E3779B97F4A7C15L);
      return new UUID(random.nextLong(), random.nextLong()).toString();
    };
  }

  /** Ids of a full store whose index has them everywhere, but that came in order: quick to fill. */
  static IntFunction<String> spread(int rows) {
    long step = Long.MAX_VALUE / rows * 2;
    return i -> new UUID(step * i, i).toString();
  }

  /**
   * A session writes a hundred traces, then the next one does; every tenth trace is the hot one's.
   */
  static SessionTrace row(int i, IntFunction<String> ids) {
    String session = i % 10 == 0 ? HOT : "session-" + i / 100 % 997;
    return new SessionTrace(
        session,
        Trace.of(
            ids.apply(i),
            i % 3 == 0 ? "llm_call" : "tool_call",
            i % 5 == 0 ? "eval" : "prod",
            "{\"type\": \"llm_call\", \"tokens\": "
                + i % 9_000
                + ", \"text\": \""
                + "x".repeat(120)
                + "\"}",
            START.plusMillis(i * 50L)));
  }

  static Database open(Path file) {
    return Database.sqlite(file).open();
  }

  /** Fills a new store. */
  static Path fill(Path file, int rows, IntFunction<String> ids) {
    try (Database database = open(file)) {
      insert(TraceStore.open(database), 0, rows, ids);
    }
    return file;
  }

  /** Stores rows from one number to another, 1,000 in a transaction. */
  static void insert(TraceStore store, int from, int to, IntFunction<String> ids) {
    for (int first = from; first < to; first += BATCH) {
      List<SessionTrace> batch = new ArrayList<>();
      for (int i = first; i < Math.min(to, first + BATCH); i++) {
        batch.add(row(i, ids));
      }
      store.storeBatch(batch);
    }
  }

  /** A store of a mapping, opened as the library opens its own. */
  static Connection connect(Path file, Mapping mapping, boolean make) throws SQLException {
    Connection connection = SqliteStore.connect(file);
    try (Statement statement = connection.createStatement()) {
      for (String pragma :
          List.of("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON")) {
        statement.execute("PRAGMA " + pragma);
      }
      if (make) {
        for (String sql : mapping.schema.split(";", -1)) {
          statement.execute(sql);
        }
      }
    }
    connection.setAutoCommit(false);
    return connection;
  }

  /** Fills a new store. */
  static Path fill(Path file, Mapping mapping, int rows, IntFunction<String> ids) {
    try (Connection connection = connect(file, mapping, true)) {
      insert(connection, mapping, 0, rows, ids);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return file;
  }

  /** The same rows by plain JDBC. */
  static void insert(
      Connection connection, Mapping mapping, int from, int to, IntFunction<String> ids)
      throws SQLException {
    try (PreparedStatement trace =
            connection.prepareStatement("INSERT INTO traces VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        PreparedStatement place = connection.prepareStatement(mapping.insert)) {
      for (int i = from; i < to; i++) {
        SessionTrace row = row(i, ids);
        Trace of = row.trace();
        double at = of.createdAt().toEpochMilli() / 1e3;
        trace.setLong(1, i + 1L);
        trace.setString(2, of.id());
        trace.setString(3, of.contextType());
        trace.setString(4, of.namespace());
        trace.setString(5, of.data());
        trace.setString(6, null);
        trace.setDouble(7, at);
        trace.setDouble(8, at);
        trace.executeUpdate();
        if (mapping == Mapping.OLD) {
          place.setString(1, of.id());
        } else {
          place.setLong(1, i + 1L);
          place.setDouble(3, at);
        }
        place.setString(2, row.session());
        place.executeUpdate();
        if ((i + 1) % BATCH == 0 || i + 1 == to) {
          connection.commit();
        }
      }
    }
  }
}
