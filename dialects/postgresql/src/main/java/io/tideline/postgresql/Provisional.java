package io.tideline.postgresql;

import io.tideline.dialect.*;
import io.tideline.tuning.*;
import java.sql.*;
import java.util.*;
import java.util.regex.*;

/** PROVISIONAL until the plan reader is there. */
final class Provisional implements GuardedSession {
  final Session session;
  Provisional(Session session) { this.session = session; }
  static QueryPlan plan(Session session, QueryText text, List<Object> values) throws SQLException {
    session.connection().setAutoCommit(false);
    List<PlanNode> nodes = new ArrayList<>();
    double cost = -1;
    try {
      session.useLoginPath();
      try (PreparedStatement s = session.connection().prepareStatement("EXPLAIN " + text.jdbc())) {
        for (int i = 0; i < values.size(); i++) s.setObject(i + 1, values.get(i));
        try (ResultSet r = s.executeQuery()) {
          while (r.next()) {
            String l = r.getString(1);
            Matcher c = Pattern.compile("\\.\\.([0-9.]+) rows").matcher(l);
            if (cost < 0 && c.find()) cost = Double.parseDouble(c.group(1));
            if (!l.contains("cost=")) continue;
            PlanNode.Kind k = l.contains("Seq Scan") ? PlanNode.Kind.FULL_SCAN : l.contains("Index") ? PlanNode.Kind.INDEX_SEARCH : l.contains("Sort") ? PlanNode.Kind.SORT : PlanNode.Kind.OTHER;
            Matcher m = Pattern.compile("(?:using|Index Scan on) \"?([^ \"]+)").matcher(l);
            Matcher t = Pattern.compile(" on ([^ ]+)").matcher(l);
            boolean bitmap = l.contains("Bitmap Index");
            nodes.add(new PlanNode(k, k == PlanNode.Kind.OTHER || bitmap ? "" : t.find() ? t.group(1) : "", k == PlanNode.Kind.INDEX_SEARCH && m.find() ? m.group(1) : "", false, l, Optional.empty(), Optional.empty(), List.of()));
          }
        }
      }
    } finally { session.connection().rollback(); session.connection().setAutoCommit(true); }
    return new QueryPlan("PostgreSQL", nodes, Optional.of(cost));
  }
  public QueryPlan explain(QueryText text, List<Object> values) { try { return plan(session, text, values); } catch (SQLException e) { throw Failures.reading(e, session.attempt("Cannot explain", null, "")); } }
  public Work measure(QueryText text, List<Object> values) { return new Work(1, 1, true, ""); }
  public GuardedQuery prepare(QueryText text) { throw new UnsupportedOperationException(); }
  public void cancel() {}
  public void close() { session.close(); }
}
