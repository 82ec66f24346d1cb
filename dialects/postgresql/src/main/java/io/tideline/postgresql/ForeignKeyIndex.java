package io.tideline.postgresql;

import io.tideline.catalogue.ForeignKey;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The index by which the server finds the rows that refer over a foreign key. It is made
 * CONCURRENTLY, outside a transaction: while it waits for others and reads, nobody waits for it. A
 * failure leaves an invalid index, which would be kept up and never used.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY">Building
 *     indexes concurrently</a>
 */
final class ForeignKeyIndex {
  /** Others may have to end their transactions first; they are not held up meanwhile. */
  private static final String PATIENT = "SET lock_timeout = '60s'; SET statement_timeout = 0";

  private static final String NAMED =
      """
      SELECT CASE WHEN i.indrelid <> %s OR i.indisvalid OR i.indisvalid IS NULL THEN 'taken'
        WHEN %s THEN 'remnant' ELSE 'building' END
      FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
      WHERE c.relnamespace = (SELECT o.relnamespace FROM pg_catalog.pg_class o WHERE o.oid = %s)
        AND c.relname = %s""";

  private static final String LEAVES =
      """
      SELECT t.relid::pg_catalog.oid, n.nspname, c.relname
      FROM pg_catalog.pg_partition_tree(%s::pg_catalog.oid) AS t
      JOIN pg_catalog.pg_class c ON c.oid = t.relid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE t.isleaf AND c.relkind = 'r'
      ORDER BY c.relname COLLATE "C"
      """;

  private final TableShape child;
  private final String name;
  private final String columns;

  /**
   * @param columns what it holds, as CREATE INDEX writes it
   */
  ForeignKeyIndex(ForeignKey key, TableShape child, String columns) {
    this.child = child;
    this.name = "ix_" + child.name().name() + "_" + String.join("_", key.columns());
    this.columns = columns;
  }

  /** The statement that makes it, for a person to run. */
  String statement() {
    return statement(
        child.partitioned() ? "" : "CONCURRENTLY ",
        IndexStatement.cut(name),
        Sql.quote(child.name()));
  }

  private String statement(String how, String index, String table) {
    return "CREATE INDEX %s%s ON %s (%s)".formatted(how, Sql.quote(index), table, columns);
  }

  /** A table that the index is made on. */
  private record On(long oid, String table, String schema, String index) {}

  /** Makes it. A partitioned table takes up the indexes that its partitions got before. */
  String make(Session session) throws SQLException {
    session.execute(PATIENT);
    try {
      for (On leaf : leaves(session)) {
        concurrently(session, leaf);
      }
      On whole = new On(child.oid(), Sql.quote(child.name()), child.name().schema(), name);
      String made = child.partitioned() ? atOnce(session, whole) : concurrently(session, whole);
      return "Made the index " + made + " on " + child.name() + ".";
    } finally {
      if (!session.closed()) {
        session.execute(Sessions.LIMITS);
      }
    }
  }

  private List<On> leaves(Session session) throws SQLException {
    List<On> leaves = new ArrayList<>();
    if (child.partitioned()) {
      try (Statement statement = session.statement();
          var rows = statement.executeQuery(LEAVES.formatted(child.oid()))) {
        while (rows.next()) {
          String schema = String.valueOf(rows.getString(2));
          String table = String.valueOf(rows.getString(3));
          leaves.add(
              new On(
                  rows.getLong(1),
                  Sql.quote(schema) + "." + Sql.quote(table),
                  schema,
                  name + "_" + table));
        }
      }
    }
    return leaves;
  }

  private String concurrently(Session session, On on) throws SQLException {
    String index = freeName(session, on);
    try {
      session.execute(statement("CONCURRENTLY ", index, on.table()));
    } catch (SQLException e) {
      try {
        dropRemnant(session, on, index);
      } catch (SQLException left) {
        e.addSuppressed(left); // the next attempt finds it by its name
      }
      throw e;
    }
    return index;
  }

  private String atOnce(Session session, On on) throws SQLException {
    String index = freeName(session, on);
    session.execute(Sessions.LIMITS); // it holds off writers for that moment
    session.execute(statement("", index, on.table()));
    return index;
  }

  /** The first name that nothing else has; what a failure left under it is dropped. */
  private String freeName(Session session, On on) throws SQLException {
    String wanted = IndexStatement.cut(on.index());
    for (int i = 2; ; i++) {
      dropRemnant(session, on, wanted);
      String state = state(session, on, wanted);
      if (state.isEmpty()) {
        return wanted;
      }
      if (state.equals("building")) {
        throw new TidelineException(
            ErrorCode.DATABASE_BUSY,
            "Cannot make the index " + wanted + ": another session builds on " + on.table() + ".",
            "Nothing was changed.",
            "Run it again when that build has ended.");
      }
      wanted = IndexStatement.cut(on.index() + "_" + i);
    }
  }

  private void dropRemnant(Session session, On on, String index) throws SQLException {
    if (!session.closed() && state(session, on, index).equals("remnant")) {
      String full = Sql.quote(on.schema()) + "." + Sql.quote(index);
      boolean partitioned = on.oid() == child.oid() && child.partitioned();
      session.execute("DROP INDEX " + (partitioned ? "" : "CONCURRENTLY ") + full);
    }
  }

  private String state(Session session, On on, String index) throws SQLException {
    return session.text(
        NAMED.formatted(on.oid(), InvalidIndexCheck.LEFT, on.oid(), Sql.string(index)));
  }
}
