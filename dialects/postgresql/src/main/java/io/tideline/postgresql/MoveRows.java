package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.run.WorkListener;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Copies rows, takes noted changes over, compares. Of every key this holds in every snapshot, from
 * the time that its row was copied: the two tables have the same row of it, or the log has its key.
 * It holds because a change and its note commit together, and so do what takes a change over and
 * the removal of the note, which sees just what that saw.
 */
final class MoveRows {
  private static final int COMPARED = 5_000;

  private final Session session;
  private final MoveNames names;
  private final MoveShape shape;

  MoveRows(Session session, MoveNames names, MoveShape shape) {
    this.session = session;
    this.names = names;
    this.shape = shape;
  }

  /** What is copied into a table that has rows of a key already is left: the log has that key. */
  private static final String FILL =
      """
      WITH batch AS MATERIALIZED (
        SELECT %1$s FROM ONLY %2$s AS s %3$s ORDER BY %4$s LIMIT %5$s),
      copied AS (
        INSERT INTO %6$s (%7$s) OVERRIDING SYSTEM VALUE SELECT %8$s FROM batch AS b
        ON CONFLICT DO NOTHING)
      SELECT (SELECT pg_catalog.count(*) FROM batch),
        (SELECT %9$s FROM batch AS b ORDER BY %10$s LIMIT 1)""";

  /** Copies the next rows, and remembers how far it is, in the transaction that is open. */
  int fill(List<String> cursor, int rows) throws SQLException {
    session.execute(MoveTriggers.UNNOTED);
    String sql =
        FILL.formatted(
            shape.columns("s"),
            Sql.quote(names.table()),
            cursor.isEmpty() ? "" : "WHERE " + shape.keyRow("s") + " > " + shape.bound(),
            shape.key("s"),
            Integer.toString(rows),
            Sql.quote(names.copy()),
            shape.names(),
            shape.columns("b"),
            shape.keyText("b"),
            Sql.list(shape.key(), each -> "b." + Sql.quote(each) + " DESC"));
    try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
      bind(statement, 1, cursor);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        int count = row.getInt(1);
        if (count > 0) {
          remember(row.getArray(2), count);
        }
        return count;
      }
    }
  }

  private void remember(Array cursor, int count) throws SQLException {
    String sql =
        "UPDATE %s SET cursor = ?, copied = copied + ?".formatted(Sql.quote(names.memory()));
    try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
      statement.setArray(1, cursor);
      statement.setLong(2, count);
      if (statement.executeUpdate() != 1) {
        throw MoveWork.refused(
            names.table(), List.of("its memory is gone"), "Remove by hand what the move made.");
      }
    }
  }

  private static void bind(PreparedStatement statement, int from, List<String> key)
      throws SQLException {
    for (int i = 0; i < key.size(); i++) {
      statement.setString(from + i, key.get(i));
    }
  }

  /**
   * Takes noted changes over, in a transaction of its own and one snapshot.
   *
   * @return how many notes there were
   */
  int follow(TableName from, TableName to, int notes) throws SQLException {
    Connection connection = session.connection();
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try {
      connection.setAutoCommit(false);
      session.execute(MoveWork.LONG + "; " + MoveTriggers.UNNOTED);
      int done = replay(from, to, notes);
      connection.commit();
      connection.setAutoCommit(true);
      return done;
    } catch (SQLException | RuntimeException e) {
      TransactionEnd.rollBack(session);
      throw e;
    } finally {
      if (!session.closed()) {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      }
    }
  }

  private int replay(TableName from, TableName to, int notes) throws SQLException {
    String log = Sql.quote(names.log());
    String last =
        session.text(
            "SELECT pg_catalog.max(s.seq) FROM (SELECT l.seq FROM %s AS l ORDER BY l.seq LIMIT %s) AS s"
                .formatted(log, Integer.toString(notes)));
    if (last.isEmpty()) {
      return 0;
    }
    String keys =
        "(SELECT DISTINCT %s FROM %s AS l WHERE l.seq <= %s) AS k"
            .formatted(shape.logged("l"), log, last);
    refuseTwins(from, to, keys);
    session.update(
        "DELETE FROM %s AS t USING %s WHERE %s"
            .formatted(Sql.quote(to), keys, shape.keyIs("t", "k")));
    session.update(
        "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s AS f JOIN %s ON %s"
            .formatted(
                Sql.quote(to),
                shape.names(),
                shape.columns("f"),
                Sql.quote(from),
                keys,
                shape.keyIs("f", "k")));
    return (int) session.update("DELETE FROM " + log + " WHERE seq <= " + last);
  }

  /** Of several rows of one key, which only the partitioned table may have, the old has no room. */
  private void refuseTwins(TableName from, TableName to, String keys) throws SQLException {
    if (to.equals(names.copy())) {
      return;
    }
    String twins =
        session.text(
            "SELECT pg_catalog.count(*) FROM (SELECT FROM %s AS f JOIN %s ON %s GROUP BY %s HAVING pg_catalog.count(*) > 1) AS s"
                .formatted(Sql.quote(from), keys, shape.keyIs("f", "k"), shape.key("f")));
    if (!twins.equals("0")) {
      throw MoveWork.refused(
          names.table(),
          List.of(
              twins
                  + " keys ("
                  + String.join(", ", shape.key())
                  + ") have several rows now, of which "
                  + to
                  + " could keep one each"),
          "Give these rows keys of their own, then call it again; no row was lost.");
    }
  }

  /**
   * Compares every row of both. Each stretch of keys is read in one snapshot.
   *
   * @param heal whether keys that differ and are not noted are noted now, so that the first table's
   *     rows replace the other's
   * @return how many keys differed and were not noted
   */
  long compare(
      TableName from, TableName to, boolean heal, WorkListener listener, BooleanSupplier stopping)
      throws SQLException {
    long differing = 0;
    long read = 0;
    List<String> after = List.of();
    boolean last = false;
    while (!last && !stopping.getAsBoolean()) {
      List<String> upTo = bound(from, after);
      last = upTo.isEmpty();
      differing += stretch(from, to, heal, after, upTo);
      after = upTo;
      read += COMPARED;
      listener.at("comparing rows, " + read + " so far", 0, 0);
    }
    return differing;
  }

  /** The key up to which the next stretch goes; empty if it is the last. */
  private List<String> bound(TableName from, List<String> after) throws SQLException {
    String sql =
        "SELECT %s FROM %s AS f %s ORDER BY %s OFFSET %s LIMIT 1"
            .formatted(
                shape.keyText("f"),
                Sql.quote(from),
                after.isEmpty() ? "" : "WHERE " + shape.keyRow("f") + " > " + shape.bound(),
                shape.key("f"),
                Integer.toString(COMPARED - 1));
    try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
      bind(statement, 1, after);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? List.of((String[]) row.getArray(1).getArray()) : List.of();
      }
    }
  }

  private long stretch(
      TableName from, TableName to, boolean heal, List<String> after, List<String> upTo)
      throws SQLException {
    String differing =
        """
        SELECT DISTINCT %1$s FROM (%2$s) AS f FULL JOIN (%3$s) AS t ON %4$s
        CROSS JOIN LATERAL (SELECT %5$s) AS k
        WHERE f.r IS DISTINCT FROM t.r
          AND NOT EXISTS (SELECT FROM %6$s AS l WHERE %7$s)"""
            .formatted(
                shape.logged("k"),
                side(from, after, upTo),
                side(to, after, upTo),
                shape.same("f", "t"),
                either(),
                Sql.quote(names.log()),
                shape.same("l", "k"));
    String sql =
        heal
            ? "WITH noted AS (INSERT INTO %s (%s) %s RETURNING 1) SELECT pg_catalog.count(*) FROM noted"
                .formatted(Sql.quote(names.log()), shape.logged(""), differing)
            : "SELECT pg_catalog.count(*) FROM (" + differing + ") AS s";
    try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
      int at = 1;
      for (int side = 0; side < 2; side++) {
        bind(statement, at, after);
        bind(statement, at + after.size(), upTo);
        at += after.size() + upTo.size();
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private String either() {
    StringBuilder parts = new StringBuilder();
    for (int i = 0; i < shape.key().size(); i++) {
      parts.append(i == 0 ? "" : ", ").append("COALESCE(f.k" + i + ", t.k" + i + ") AS k" + i);
    }
    return parts.toString();
  }

  private String side(TableName table, List<String> after, List<String> upTo) {
    return "SELECT %s, %s AS r FROM %s AS x WHERE true%s%s"
        .formatted(
            shape.keyAs("x"),
            shape.rowText("x"),
            Sql.quote(table),
            after.isEmpty() ? "" : " AND " + shape.keyRow("x") + " > " + shape.bound(),
            upTo.isEmpty() ? "" : " AND " + shape.keyRow("x") + " <= " + shape.bound());
  }
}
