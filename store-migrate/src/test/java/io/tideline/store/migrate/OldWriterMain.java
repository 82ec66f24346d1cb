package io.tideline.store.migrate;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * Writes as old applications do, until it is killed, and notes in the same transaction, in tables
 * of its own, what must be there. The second of them has foreign keys off, as SQLite has unless
 * told.
 */
final class OldWriterMain {
  private static final int IDS = 400;

  private OldWriterMain() {}

  public static void main(String[] arguments) throws Exception {
    Random random = new Random(Long.parseLong(arguments[1]));
    boolean keys = !arguments[1].equals("2");
    try (Connection connection = new OldStore(Path.of(arguments[0])).connect(keys);
        Statement statement = connection.createStatement()) {
      for (long n = 0; ; n++) {
        statement.execute("BEGIN IMMEDIATE");
        write(connection, keys, random, arguments[1] + "-w" + random.nextInt(IDS), n);
        statement.execute("COMMIT");
        System.out.println(n);
        Thread.sleep(1);
      }
    }
  }

  private static void write(Connection connection, boolean keys, Random random, String id, long n)
      throws SQLException {
    String data = "{\"n\":" + n + "}";
    double at = 1_700_000_000 + random.nextInt(100);
    String session = "session-" + random.nextInt(9);
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        put(connection, keys, id, data, at, session);
      }
      case 2 -> {
        String sql = " SET data = ?, created_at = ? WHERE id = ?";
        update(connection, "UPDATE traces" + sql, data, at, id);
        update(connection, "UPDATE shadow" + sql, data, at, id);
      }
      case 3 -> {
        if (!keys) {
          update(connection, "DELETE FROM trace_sessions WHERE trace_id = ?", id);
        }
        update(connection, "DELETE FROM traces WHERE id = ?", id);
        update(connection, "DELETE FROM shadow WHERE id = ?", id);
        update(connection, "DELETE FROM shadow_sessions WHERE trace_id = ?", id);
      }
      case 4 -> {
        update(
            connection,
            "DELETE FROM trace_sessions WHERE trace_id = ? AND session_uid = ?",
            id,
            session);
        update(
            connection,
            "DELETE FROM shadow_sessions WHERE trace_id = ? AND session_uid = ?",
            id,
            session);
      }
      default -> {
        String sql = " (trace_id, session_uid) SELECT id, ? FROM traces WHERE id = ?";
        update(connection, "INSERT OR IGNORE INTO trace_sessions" + sql, session, id);
        update(connection, "INSERT OR IGNORE INTO shadow_sessions" + sql, session, id);
      }
    }
  }

  private static void put(
      Connection connection, boolean keys, String id, String data, double at, String session)
      throws SQLException {
    update(
        connection,
        "REPLACE INTO traces (id, context_type, namespace, data, metadata, created_at, updated_at)"
            + " VALUES (?, 't', 'n', ?, NULL, ?, 5)",
        id,
        data,
        at);
    if (keys) {
      update(connection, "DELETE FROM shadow_sessions WHERE trace_id = ?", id);
    }
    update(connection, "REPLACE INTO shadow VALUES (?, ?, ?)", id, data, at);
    for (String table : new String[] {"trace_sessions", "shadow_sessions"}) {
      update(
          connection,
          "INSERT OR IGNORE INTO " + table + " (trace_id, session_uid) VALUES (?, ?)",
          id,
          session);
    }
  }

  private static void update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
