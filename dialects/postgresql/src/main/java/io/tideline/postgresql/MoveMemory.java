package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.MovePhase;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a move remembers, in a table of the database itself: so it changes with what was done, or
 * not at all.
 *
 * @param phase how far it is
 * @param source the oid of the plain table
 * @param copy the oid of the partitioned one
 * @param log the oid of the log
 * @param function the oid of the triggers' function
 * @param by the column
 * @param digest of the plain table's definition
 * @param copyDigest of the copy's
 * @param triggers what the triggers were when they were made; empty before
 * @param indexes the names of the table's indexes
 * @param cursor the key up to which rows were copied; empty at the beginning
 * @param copied how many
 */
record MoveMemory(
    MovePhase phase,
    long source,
    long copy,
    long log,
    long function,
    String by,
    String digest,
    String copyDigest,
    String triggers,
    List<String> indexes,
    List<String> cursor,
    long copied) {
  private static final String COMMENT = "Tideline: how far a move to a partitioned table is";

  static final String COLUMNS =
      """
       (one pg_catalog.bool PRIMARY KEY DEFAULT true CHECK (one), phase pg_catalog.text NOT NULL,
        source pg_catalog.int8 NOT NULL, copy pg_catalog.int8 NOT NULL, log pg_catalog.int8 NOT NULL,
        function pg_catalog.int8 NOT NULL, by_column pg_catalog.text NOT NULL,
        digest pg_catalog.text NOT NULL, copy_digest pg_catalog.text NOT NULL,
        triggers pg_catalog.text NOT NULL DEFAULT '', indexes pg_catalog.text[] NOT NULL,
        cursor pg_catalog.text[] NOT NULL DEFAULT '{}', copied pg_catalog.int8 NOT NULL DEFAULT 0)""";

  /** Reads it; empty if there is none. */
  static Optional<MoveMemory> read(Session session, MoveNames names) throws SQLException {
    String name = Sql.quote(names.memory());
    String comment =
        session.text(
            "SELECT pg_catalog.obj_description(c.oid, 'pg_class') FROM pg_catalog.pg_class c WHERE"
                + " c.oid = pg_catalog.to_regclass("
                + Sql.string(name)
                + ")");
    if (!comment.equals(COMMENT)) {
      return Optional.empty();
    }
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery("SELECT * FROM " + name)) {
      if (!row.next()) {
        return Optional.empty();
      }
      return Optional.of(
          new MoveMemory(
              MovePhase.valueOf(row.getString("phase").toUpperCase(Locale.ROOT)),
              row.getLong("source"),
              row.getLong("copy"),
              row.getLong("log"),
              row.getLong("function"),
              row.getString("by_column"),
              row.getString("digest"),
              row.getString("copy_digest"),
              row.getString("triggers"),
              texts(row.getArray("indexes")),
              texts(row.getArray("cursor")),
              row.getLong("copied")));
    }
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }

  /** Makes the table that remembers. */
  static void create(Session session, MoveNames names) throws SQLException {
    String name = Sql.quote(names.memory());
    session.execute("CREATE TABLE " + name + COLUMNS);
    session.execute("COMMENT ON TABLE " + name + " IS " + Sql.string(COMMENT));
  }

  /** Writes the first state, of a prepared copy. */
  void write(Session session, MoveNames names) throws SQLException {
    String sql =
        "INSERT INTO %s (phase, source, copy, log, function, by_column, digest, copy_digest,"
                .formatted(Sql.quote(names.memory()))
            + " indexes) VALUES ('prepared', ?, ?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
      statement.setLong(1, source);
      statement.setLong(2, copy);
      statement.setLong(3, log);
      statement.setLong(4, function);
      statement.setString(5, by);
      statement.setString(6, digest);
      statement.setString(7, copyDigest);
      statement.setArray(8, session.connection().createArrayOf("text", indexes.toArray()));
      statement.executeUpdate();
    }
  }

  /** Remembers something, in the transaction that is open. */
  static void set(Session session, TableName memory, String assignments) throws SQLException {
    long changed = session.update("UPDATE " + Sql.quote(memory) + " SET " + assignments);
    if (changed != 1) {
      throw new TidelineException(
          ErrorCode.MOVE_REFUSED,
          "Cannot go on with the move: its memory " + memory + " was emptied by somebody.",
          "The transaction was rolled back.",
          "Bring the row back, or remove by hand what the move made.");
    }
  }

  /** Remembers a phase. */
  static void set(Session session, TableName memory, MovePhase phase) throws SQLException {
    set(session, memory, "phase = " + Sql.string(phase.name().toLowerCase(Locale.ROOT)));
  }
}
