package io.tideline.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether two texts mean the same expression over a table. The server spells what it keeps in its
 * own way: it is asked to explain both, which reads nothing.
 */
final class SameSql {
  private final Session session;
  private final TableShape shape;
  private final Map<String, String> explained = new HashMap<>();

  SameSql(Session session, TableShape shape) {
    this.session = session;
    this.shape = shape;
  }

  /** Whether both mean the same; texts that the server does not explain, only if they are equal. */
  boolean alike(String real, String declared) throws SQLException {
    if (real.isEmpty() || declared.isEmpty()) {
      return real.equals(declared);
    }
    if (real.equals(declared) || real.equals("(" + declared + ")")) {
      return true;
    }
    String one = explain(real);
    return !one.isEmpty() && one.equals(explain(declared));
  }

  private String explain(String sql) throws SQLException {
    String known = explained.get(sql);
    if (known == null) {
      known = text("EXPLAIN (VERBOSE, COSTS OFF) SELECT (" + sql + ") FROM " + shape.from());
      explained.put(sql, known);
    }
    return known;
  }

  /** The collation of an expression, as the server writes it; empty if it has none. */
  String collation(String sql) throws SQLException {
    return text(
        "SELECT pg_catalog.pg_collation_for((%s)) FROM (SELECT (NULL::%s).*) AS %s"
            .formatted(sql, Sql.quote(shape.name()), Sql.quote(shape.name().name())));
  }

  /** A collation, as the server writes it. */
  String collationNamed(String name) throws SQLException {
    return session.text(
        "SELECT "
            + Sql.string(IndexStatement.qualified(name))
            + "::pg_catalog.regcollation::pg_catalog.text");
  }

  /** Nothing where the server refuses it, for want of a right or of sense. */
  private String text(String sql) throws SQLException {
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(sql)) {
      StringBuilder text = new StringBuilder();
      while (rows.next()) {
        text.append(rows.getString(1)).append('\n');
      }
      return text.toString().strip();
    } catch (SQLException e) {
      if (Failures.lost(e)) {
        throw e;
      }
      return "";
    }
  }
}
