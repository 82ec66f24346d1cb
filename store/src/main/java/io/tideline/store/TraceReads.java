package io.tideline.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The reads of a trace store, alike on both databases. */
final class TraceReads {
  static final String GET = "SELECT t.* FROM traces AS t WHERE t.id = ?";

  /** From session to the next session, and to the newest trace of each: no trace is read twice. */
  static final String SESSIONS =
      """
      WITH RECURSIVE k(v) AS (
        SELECT (SELECT min(beg.session_uid) FROM session_traces AS beg)
        UNION ALL
        SELECT (SELECT min(skip.session_uid) FROM session_traces AS skip
            WHERE skip.session_uid > k.v)
          FROM k WHERE k.v IS NOT NULL)
      SELECT s.v AS session_uid, s.newest FROM (
        SELECT k.v, (SELECT seek.created_at FROM session_traces AS seek
            WHERE seek.session_uid = k.v ORDER BY seek.created_at DESC LIMIT 1) AS newest
          FROM k WHERE k.v IS NOT NULL) AS s
      WHERE s.newest >= ? ORDER BY s.newest DESC, s.v LIMIT ?""";

  private static final String AFTER = " AND (seek.created_at, seek.seq) < (?, ?)";
  private static final String NEWEST_FIRST =
      " ORDER BY seek.created_at DESC, seek.seq DESC LIMIT ?";

  private TraceReads() {}

  /** The order is that of the mapping's own columns, which its key holds: nothing is sorted. */
  static Query bySession(String session, double since, int rows, @Nullable Cursor after) {
    List<Object> values = new ArrayList<>(List.of(session, since));
    return page(
        "SELECT t.* FROM session_traces AS seek JOIN traces AS t ON t.seq = seek.seq"
            + " WHERE seek.session_uid = ? AND seek.created_at >= ?",
        values,
        rows,
        after);
  }

  static Query byKind(
      @Nullable String contextType,
      @Nullable String namespace,
      double since,
      int rows,
      @Nullable Cursor after) {
    StringBuilder sql = new StringBuilder("SELECT seek.* FROM traces AS seek WHERE ");
    List<Object> values = new ArrayList<>();
    if (contextType != null) {
      sql.append("seek.context_type = ? AND ");
      values.add(contextType);
    }
    if (namespace != null) {
      sql.append("seek.namespace = ? AND ");
      values.add(namespace);
    }
    values.add(since);
    return page(sql + "seek.created_at >= ?", values, rows, after);
  }

  private static Query page(String sql, List<Object> values, int rows, @Nullable Cursor after) {
    if (after != null) {
      if (!(after.time() instanceof Double) || !(after.id() instanceof Long)) {
        throw new IllegalArgumentException("Not a cursor of traces");
      }
      values.add(after.time());
      values.add(after.id());
    }
    values.add((long) rows);
    return new Query(sql + (after == null ? "" : AFTER) + NEWEST_FIRST, values);
  }

  static Trace trace(ResultSet row) throws SQLException {
    return trace(row, row.getDouble("created_at"));
  }

  private static Trace trace(ResultSet row, double created) throws SQLException {
    double updated = row.getDouble("updated_at");
    Instant createdAt = Seconds.toInstant(created);
    return new Trace(
        row.getString("id"),
        row.getString("context_type"),
        row.getString("namespace"),
        row.getString("data"),
        row.getString("metadata"),
        createdAt,
        updated == created ? createdAt : Seconds.toInstant(updated));
  }

  static Page.Placed<Trace> placed(ResultSet row) throws SQLException {
    double created = row.getDouble("created_at");
    return new Page.Placed<>(trace(row, created), new Cursor(created, row.getLong("seq")));
  }
}
