package io.tideline.store;

import java.sql.SQLException;
import java.util.List;

/** The trace store on SQLite. */
final class SqliteTraceSql implements TraceSql {
  /**
   * AUTOINCREMENT: the number of a trace that was deleted is never given to another, so that an
   * archived trace comes back to its own (https://sqlite.org/autoinc.html).
   */
  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS traces (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            context_type TEXT NOT NULL,
            namespace TEXT NOT NULL,
            data TEXT NOT NULL,
            metadata TEXT,
            created_at REAL NOT NULL CHECK (created_at %1$s),
            updated_at REAL NOT NULL CHECK (updated_at %1$s))"""
              .formatted(Seconds.CHECK),
          """
          CREATE TABLE IF NOT EXISTS session_traces (
            session_uid TEXT NOT NULL,
            created_at REAL NOT NULL,
            seq INTEGER NOT NULL REFERENCES traces (seq) ON DELETE CASCADE,
            PRIMARY KEY (session_uid, created_at DESC, seq DESC)) WITHOUT ROWID""",
          "CREATE INDEX IF NOT EXISTS session_traces_seq ON session_traces (seq)",
          "CREATE INDEX IF NOT EXISTS traces_created ON traces (created_at)",
          "CREATE INDEX IF NOT EXISTS traces_type ON traces (context_type, created_at)",
          "CREATE INDEX IF NOT EXISTS traces_namespace ON traces (namespace, created_at)");

  /** Above every number that was ever given: nobody else writes until it is used. */
  private static final String LAST =
      """
      SELECT max(coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = 'traces'), 0),
        coalesce((SELECT max(seq) FROM traces), 0))""";

  private static final String INSERT =
      """
      INSERT INTO traces (
        seq, id, context_type, namespace, data, metadata, created_at, updated_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING""";

  /** Not REPLACE, which deletes the row first, and its mappings with it. */
  private static final String UPDATE =
      """
      UPDATE traces SET context_type = ?, namespace = ?, data = ?, metadata = ?, updated_at = ?
      WHERE id = ? RETURNING seq, created_at""";

  private static final String MAP =
      """
      INSERT INTO session_traces (session_uid, created_at, seq) VALUES (?, ?, ?)
      ON CONFLICT DO NOTHING""";

  private record Stored(long seq, double createdAt) {}

  @Override
  public void create(Session session) throws SQLException {
    for (String statement : SCHEMA) {
      session.update(statement);
    }
  }

  @Override
  public void store(Session session, List<SessionTrace> batch) throws SQLException {
    long last = session.first(LAST, row -> row.getLong(1)).orElse(0L);
    for (SessionTrace each : batch) {
      Stored stored = stored(session, last + 1, each.trace());
      last = Math.max(last, stored.seq());
      session.update(MAP, each.session(), stored.createdAt(), stored.seq());
    }
  }

  private static Stored stored(Session session, long next, Trace trace) throws SQLException {
    double createdAt = Seconds.of(trace.createdAt());
    int inserted =
        session.update(
            INSERT,
            next,
            trace.id(),
            trace.contextType(),
            trace.namespace(),
            trace.data(),
            trace.metadata(),
            createdAt,
            Seconds.of(trace.updatedAt()));
    if (inserted == 1) {
      return new Stored(next, createdAt);
    }
    return session
        .first(
            UPDATE,
            row -> new Stored(row.getLong("seq"), row.getDouble("created_at")),
            trace.contextType(),
            trace.namespace(),
            trace.data(),
            trace.metadata(),
            Seconds.of(trace.updatedAt()),
            trace.id())
        .orElseThrow(() -> new SQLException("A trace was neither inserted nor found"));
  }

  /** Nobody else writes in the meantime. */
  @Override
  public void lock(Session session, List<Long> seqs) {}
}
