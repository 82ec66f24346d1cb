package io.tideline.store.migrate;

import java.sql.SQLException;
import java.util.List;

/** The tables that {@code TraceStore} makes, under other names until the switch. */
final class NewLayout {
  private static final String YEARS = "BETWEEN -62135596800 AND 253402300800";

  private static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE tideline_traces (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            context_type TEXT NOT NULL,
            namespace TEXT NOT NULL,
            data TEXT NOT NULL,
            metadata TEXT,
            created_at REAL NOT NULL CHECK (created_at %1$s),
            updated_at REAL NOT NULL CHECK (updated_at %1$s))"""
              .formatted(YEARS),
          """
          CREATE TABLE tideline_session_traces (
            session_uid TEXT NOT NULL,
            created_at REAL NOT NULL,
            seq INTEGER NOT NULL REFERENCES tideline_traces (seq) ON DELETE CASCADE,
            PRIMARY KEY (session_uid, created_at DESC, seq DESC)) WITHOUT ROWID""",
          "CREATE TABLE tideline_trace_migration_log (n INTEGER PRIMARY KEY, id)");

  private static final String READERS =
      """
      CREATE VIEW trace_sessions AS
      SELECT t.id AS trace_id, m.session_uid%s
      FROM session_traces AS m JOIN traces AS t ON t.seq = m.seq""";

  /**
   * Not INSERT OR IGNORE, for the clause of the outer statement would go before it
   * (https://sqlite.org/lang_createtrigger.html).
   */
  private static final String INSERTS =
      """
      CREATE TRIGGER tideline_trace_sessions_insert INSTEAD OF INSERT ON trace_sessions BEGIN
        SELECT RAISE(ABORT, 'trace_sessions: there is no such trace')
          WHERE NOT EXISTS (SELECT 1 FROM traces WHERE id = NEW.trace_id);
        INSERT INTO session_traces (session_uid, created_at, seq)
          SELECT NEW.session_uid, t.created_at, t.seq FROM traces AS t
          WHERE t.id = NEW.trace_id AND NOT EXISTS (
            SELECT 1 FROM session_traces AS m WHERE m.session_uid = NEW.session_uid
              AND m.created_at = t.created_at AND m.seq = t.seq);
      END""";

  private static final String DELETES =
      """
      CREATE TRIGGER tideline_trace_sessions_delete INSTEAD OF DELETE ON trace_sessions BEGIN
        DELETE FROM session_traces WHERE session_uid = OLD.session_uid
          AND seq = (SELECT seq FROM traces WHERE id = OLD.trace_id);
      END""";

  private NewLayout() {}

  static void create(Sql sql) throws SQLException {
    for (String table : TABLES) {
      sql.update(table);
    }
    index(sql, "session_traces_seq", "tideline_session_traces (seq)");
    index(sql, "traces_created", "tideline_traces (created_at)");
    index(sql, "traces_type", "tideline_traces (context_type, created_at)");
    index(sql, "traces_namespace", "tideline_traces (namespace, created_at)");
  }

  /** Made on empty tables: it holds no lock for long. The old store may have an index so named. */
  private static void index(Sql sql, String name, String on) throws SQLException {
    String free = name;
    for (int n = 2;
        sql.number("SELECT count(*) FROM sqlite_schema WHERE lower(name) = ?", free) > 0;
        n++) {
      free = name + "_" + n;
    }
    sql.update("CREATE INDEX " + free + " ON " + on);
  }

  /** Old calls go on with it. */
  static void view(Sql sql, boolean time) throws SQLException {
    sql.update(READERS.formatted(time ? ", m.created_at" : ""));
    sql.update(INSERTS);
    sql.update(DELETES);
  }
}
