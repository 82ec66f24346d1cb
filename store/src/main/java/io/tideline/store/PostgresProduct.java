package io.tideline.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The habits of PostgreSQL. */
final class PostgresProduct implements Product {
  private static final String COLUMNS =
      """
      SELECT attname FROM pg_attribute
      WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped""";

  /** By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
  @Override
  public Trouble trouble(SQLException failure) {
    String state = Objects.requireNonNullElse(failure.getSQLState(), "");
    if (state.equals("40001") || state.equals("40P01") || state.equals("55P03")) {
      return Trouble.BUSY;
    }
    if (isLost(state)) {
      return Trouble.LOST;
    }
    boolean row =
        state.startsWith("22")
            || state.startsWith("23")
            || state.startsWith("44")
            || state.startsWith("54")
            || state.equals("P0001");
    return row ? Trouble.ROW : Trouble.OTHER;
  }

  private static boolean isLost(String state) {
    return state.startsWith("08") || state.startsWith("57P0");
  }

  /** An answer that came says that it was rolled back; one that did not come says nothing. */
  static boolean mayStand(SQLException failure) {
    String state = failure.getSQLState();
    return state == null || isLost(state);
  }

  @Override
  public List<String> plan(Session session, String sql, @Nullable Object... values)
      throws SQLException {
    Connection connection = session.connection();
    boolean alone = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      // Of small tables PostgreSQL reads all, whatever indexes there are; it is the large that
      // are asked about.
      statement.execute(
          "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off;"
              + " SET LOCAL enable_bitmapscan = off");
      return session.query("EXPLAIN (COSTS OFF) " + sql, row -> row.getString(1), values);
    } finally {
      connection.rollback();
      connection.setAutoCommit(alone);
    }
  }

  @Override
  public boolean serves(Session session, List<String> plan, Seek seek) throws SQLException {
    return PostgresPlans.seeks(plan, seek.alias()) || PostgresPlans.hasIndex(session, seek);
  }

  @Override
  public Set<String> columns(Session session, String table) throws SQLException {
    return Set.copyOf(session.query(COLUMNS, row -> row.getString(1), table));
  }

  @Override
  public String type(Session session, String table, String expression) throws SQLException {
    String sql =
        "SELECT CAST(pg_typeof((SELECT " + expression + " FROM " + table + " LIMIT 0)) AS text)";
    return session.first(sql, row -> row.getString(1)).orElseThrow();
  }

  /** A constant NULL would be folded away, and the plan with it. */
  @Override
  public String unknown(String type) {
    return "(SELECT CAST(NULL AS " + type + "))";
  }

  @Override
  public String bound(String type) {
    return "CAST(? AS " + type + ")";
  }

  @Override
  public String exact(String column) {
    return "CAST(" + column + " AS text)";
  }

  @Override
  public String forUpdate() {
    return " FOR UPDATE";
  }

  @Override
  public LatestSql latest(LatestShape shape) {
    return new PostgresLatestSql(shape);
  }

  @Override
  public TraceSql traces() {
    return new PostgresTraceSql();
  }
}
