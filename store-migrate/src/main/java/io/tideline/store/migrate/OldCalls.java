package io.tideline.store.migrate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What applications of the old layout need after the switch, so that each of their calls does what
 * it did, or fails: a view, and triggers that keep a mapping with its trace.
 */
final class OldCalls {
  private static final String MARK = "/* of tideline-store-migrate */";
  private static final String REPLACED = "tideline_trace_replaced";

  private static final String READS =
      """
      CREATE VIEW trace_sessions AS %s
      SELECT %s FROM session_traces AS m JOIN traces AS t ON t.seq = m.seq""";

  private static final Map<String, String> COLUMNS =
      Map.of(
          "trace_id", "t.id AS trace_id",
          "session_uid", "m.session_uid",
          "created_at", "m.created_at");

  /** What no constraint of the new layout refuses. IGNORE would leave out the others unheard. */
  private static final String FITS =
      """
      SELECT RAISE(ABORT, 'traces: id, context_type, namespace or data is NULL, or a time is not \
      a number of seconds within the years 1 to 9999')
          WHERE NOT coalesce(NEW.id IS NOT NULL AND NEW.context_type IS NOT NULL
            AND NEW.namespace IS NOT NULL AND NEW.data IS NOT NULL
            AND NEW.created_at %1$s AND NEW.updated_at %1$s, 0);"""
          .formatted(Fit.YEARS);

  /**
   * No OR IGNORE within, for the clause of the outer statement would go before it. REPLACE gives a
   * trace a new number without firing a trigger for the old one; so an insert notes beforehand
   * which number its id has (https://sqlite.org/lang_createtrigger.html).
   */
  private static final List<String> TRIGGERS =
      List.of(
          """
          CREATE TRIGGER tideline_trace_sessions_insert INSTEAD OF INSERT ON trace_sessions BEGIN
            SELECT RAISE(ABORT, 'trace_sessions: session_uid is NULL')
              WHERE NEW.session_uid IS NULL;
            SELECT RAISE(ABORT, 'trace_sessions: there is no such trace')
              WHERE NOT EXISTS (SELECT 1 FROM traces WHERE id = NEW.trace_id);
            INSERT INTO session_traces (session_uid, created_at, seq)
              SELECT NEW.session_uid, t.created_at, t.seq FROM traces AS t
              WHERE t.id = NEW.trace_id AND NOT EXISTS (
                SELECT 1 FROM session_traces AS m WHERE m.session_uid = NEW.session_uid
                  AND m.seq = t.seq);
          END""",
          """
          CREATE TRIGGER tideline_trace_sessions_delete INSTEAD OF DELETE ON trace_sessions BEGIN
            DELETE FROM session_traces WHERE session_uid = OLD.session_uid
              AND seq = (SELECT seq FROM traces WHERE id = OLD.trace_id);
          END""",
          """
          CREATE TRIGGER tideline_trace_inserting BEFORE INSERT ON traces BEGIN
            %1$s
            DELETE FROM %2$s;
            INSERT INTO %2$s (id, seq) SELECT id, seq FROM traces WHERE id = NEW.id;
          END"""
              .formatted(FITS, REPLACED),
          """
          CREATE TRIGGER tideline_trace_inserted AFTER INSERT ON traces
          WHEN EXISTS (SELECT 1 FROM %1$s) BEGIN
            UPDATE session_traces SET seq = NEW.seq, created_at = NEW.created_at
              WHERE seq = (SELECT seq FROM %1$s WHERE id = NEW.id);
            DELETE FROM %1$s;
          END"""
              .formatted(REPLACED),
          """
          CREATE TRIGGER tideline_trace_updating BEFORE UPDATE ON traces BEGIN
            %s
          END"""
              .formatted(FITS),
          """
          CREATE TRIGGER tideline_trace_updated AFTER UPDATE ON traces BEGIN
            UPDATE session_traces SET seq = NEW.seq, created_at = NEW.created_at
              WHERE seq = OLD.seq AND (seq, created_at) IS NOT (NEW.seq, NEW.created_at);
            DELETE FROM %s;
          END"""
              .formatted(REPLACED),
          """
          CREATE TRIGGER tideline_trace_deleted AFTER DELETE ON traces
          WHEN NOT EXISTS (SELECT 1 FROM %s WHERE id = OLD.id) BEGIN
            DELETE FROM session_traces WHERE seq = OLD.seq;
          END"""
              .formatted(REPLACED));

  private OldCalls() {}

  /** The columns of the old mappings, in their order. */
  static List<String> columns(Sql sql, String mappings) throws SQLException {
    return sql.query(
        "SELECT name FROM pragma_table_info(?) ORDER BY cid", row -> row.getString(1), mappings);
  }

  static void create(Sql sql, List<String> columns) throws SQLException {
    List<String> shown = new ArrayList<>();
    for (String each : columns) {
      shown.add(COLUMNS.get(each));
    }
    sql.update(READS.formatted(MARK, String.join(", ", shown)));
    sql.update("CREATE TABLE " + REPLACED + " (id TEXT, seq INTEGER)");
    for (String trigger : TRIGGERS) {
      sql.update(trigger);
    }
  }

  /** Whether the view is there, and is ours. */
  static boolean areServed(Sql sql) throws SQLException {
    return sql.number(
            """
            SELECT count(*) FROM sqlite_schema
            WHERE type = 'view' AND name = 'trace_sessions' AND instr(sql, ?)""",
            MARK)
        == 1;
  }

  static void drop(Sql sql) throws SQLException {
    // Its triggers go with it.
    sql.update("DROP VIEW IF EXISTS trace_sessions");
    for (String each : List.of("inserting", "inserted", "updating", "updated", "deleted")) {
      sql.update("DROP TRIGGER IF EXISTS tideline_trace_" + each);
    }
    sql.update("DROP TABLE IF EXISTS " + REPLACED);
  }
}
