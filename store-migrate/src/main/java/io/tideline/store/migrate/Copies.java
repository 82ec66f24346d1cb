package io.tideline.store.migrate;

import java.sql.SQLException;
import java.util.List;

/**
 * How traces get from one layout to the other. A trace and all of its mappings are copied together,
 * by its id, so that it never matters in which order changes were made.
 */
final class Copies {
  private static final String COLUMNS =
      "id, context_type, namespace, data, metadata, created_at, updated_at";
  private static final String OLD =
      """
      o.id, o.context_type, o.namespace, o.data, o.metadata,
        CAST(o.created_at AS REAL), CAST(o.updated_at AS REAL)""";

  /** What is there already was changed meanwhile, and is in the log. */
  private static final String FILL_TRACES =
      "INSERT INTO {nt} (seq, "
          + COLUMNS
          + ") SELECT o.rowid, "
          + OLD
          + " FROM {ot} AS o WHERE o.rowid > ?1 AND o.rowid <= ?2 AND "
          + Fit.TRACE
          + " ORDER BY o.rowid ON CONFLICT DO NOTHING";

  private static final String FILL_MAPPINGS =
      """
      INSERT INTO {nm} (session_uid, created_at, seq)
      SELECT s.session_uid, n.created_at, n.seq
      FROM {nt} AS n CROSS JOIN {om} AS s ON s.trace_id = n.id
      WHERE n.seq > ?1 AND n.seq <= ?2 AND\s"""
          + Fit.MAPPING
          + " ON CONFLICT DO NOTHING";

  /** A number that was freed may have gone to another trace: what has it is not what it was. */
  private static final String GONE_NEW =
      """
      SELECT n.seq FROM {nt} AS n WHERE n.id IN (SELECT id FROM temp.wanted)
      UNION SELECT o.rowid FROM {ot} AS o WHERE o.id IN (SELECT id FROM temp.wanted)""";

  private static final List<String> FORWARD =
      List.of(
          "DELETE FROM {nm} WHERE seq IN (" + GONE_NEW + ")",
          "DELETE FROM {nt} WHERE seq IN (" + GONE_NEW + ")",
          "INSERT INTO {nt} (seq, "
              + COLUMNS
              + ") SELECT o.rowid, "
              + OLD
              + " FROM {ot} AS o WHERE o.id IN (SELECT id FROM temp.wanted) AND "
              + Fit.TRACE,
          """
          INSERT INTO {nm} (session_uid, created_at, seq)
          SELECT s.session_uid, n.created_at, n.seq
          FROM temp.wanted AS w CROSS JOIN {nt} AS n ON n.id = w.id
            CROSS JOIN {om} AS s ON s.trace_id = n.id
          WHERE\s"""
              + Fit.MAPPING);

  private static final String GONE_OLD =
      """
      SELECT w.id FROM temp.wanted AS w
      UNION SELECT o.id FROM {ot} AS o WHERE o.rowid IN (
        SELECT n.seq FROM {nt} AS n WHERE n.id IN (SELECT id FROM temp.wanted))""";

  private static final List<String> BACK =
      List.of(
          "DELETE FROM {om} WHERE trace_id IN (" + GONE_OLD + ")",
          "DELETE FROM {ot} WHERE id IN (" + GONE_OLD + ")",
          "INSERT INTO {ot} (rowid, "
              + COLUMNS
              + ") SELECT n.seq, "
              + COLUMNS
              + " FROM {nt} AS n WHERE n.id IN (SELECT id FROM temp.wanted)",
          """
          INSERT INTO {om} (trace_id, session_uid{time})
          SELECT n.id, m.session_uid{its}
          FROM temp.wanted AS w CROSS JOIN {nt} AS n ON n.id = w.id
            CROSS JOIN {nm} AS m ON m.seq = n.seq""");

  private static final String SAME =
      """
      n.seq IS o.rowid AND n.context_type IS o.context_type AND n.namespace IS o.namespace
        AND n.data IS o.data AND n.metadata IS o.metadata
        AND typeof(n.context_type) = typeof(o.context_type)
        AND typeof(n.namespace) = typeof(o.namespace) AND typeof(n.data) = typeof(o.data)
        AND typeof(n.metadata) = typeof(o.metadata)
        AND typeof(n.created_at) = 'real' AND typeof(n.updated_at) = 'real'
        AND typeof(o.created_at) IN ('real', 'integer')
        AND typeof(o.updated_at) IN ('real', 'integer')
        AND n.created_at IS CAST(o.created_at AS REAL)
        AND n.updated_at IS CAST(o.updated_at AS REAL)""";

  /** Ids of traces of the old layout in a stretch of numbers that differ from the new. */
  static final String OLD_DIFFERS =
      """
      SELECT o.id FROM {ot} AS o LEFT JOIN {nt} AS n ON n.id = o.id
      WHERE o.rowid > ?1 AND o.rowid <= ?2 AND NOT ("""
          + SAME
          + """
          )
          UNION SELECT o.id FROM {ot} AS o CROSS JOIN {om} AS s ON s.trace_id = o.id
            LEFT JOIN {nt} AS n ON n.id = o.id
            LEFT JOIN {nm} AS m ON m.session_uid = s.session_uid
              AND m.created_at = n.created_at AND m.seq = n.seq
          WHERE o.rowid > ?1 AND o.rowid <= ?2 AND m.seq IS NULL""";

  /** Ids of traces of the new layout in a stretch of numbers that differ from the old. */
  static final String NEW_DIFFERS =
      """
      SELECT n.id FROM {nt} AS n LEFT JOIN {ot} AS o ON o.id = n.id
      WHERE n.seq > ?1 AND n.seq <= ?2 AND o.id IS NULL
      UNION SELECT n.id FROM {nt} AS n CROSS JOIN {nm} AS m ON m.seq = n.seq
        LEFT JOIN {om} AS s ON s.trace_id = n.id AND s.session_uid = m.session_uid
      WHERE n.seq > ?1 AND n.seq <= ?2
        AND (s.trace_id IS NULL OR m.created_at IS NOT n.created_at)""";

  private Copies() {}

  /** Returns how many traces it copied. */
  static long fill(Sql sql, long after, long to) throws SQLException {
    int traces = sql.update(Tables.BEFORE.fill(FILL_TRACES), after, to);
    sql.update(Tables.BEFORE.fill(FILL_MAPPINGS), after, to);
    return traces;
  }

  /** Copies the traces whose ids are in {@code temp.wanted}. */
  static void forward(Sql sql) throws SQLException {
    for (String statement : FORWARD) {
      sql.update(Tables.BEFORE.fill(statement));
    }
  }

  /** The same, into the old tables. */
  static void back(Sql sql) throws SQLException {
    boolean time = OldLayout.mappingsHaveTime(sql, Tables.AFTER.oldMappings());
    for (String statement : BACK) {
      sql.update(
          Tables.AFTER
              .fill(statement)
              .replace("{time}", time ? ", created_at" : "")
              .replace("{its}", time ? ", n.created_at" : ""));
    }
  }
}
