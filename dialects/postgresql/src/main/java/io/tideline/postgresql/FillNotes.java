package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import io.tideline.row.RowText;
import io.tideline.tuning.BackfillState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The table that says how far backfills are; it lies in the schema of the backfill's table. */
final class FillNotes {
  static final String TABLE = "tideline_backfills";
  private static final String COLUMNS =
      "name, specification, shape, phase, pass, batch, walked, changed, required, place, made,"
          + " began_at";

  /**
   * Where such tables are. One that another role could have put there is not read: a view, a policy
   * or a trigger of it would act with the rights of this role.
   */
  private static final String FIND =
      """
      SELECT n.nspname, CASE WHEN c.relkind = 'r' AND NOT c.relrowsecurity AND (
          c.relowner IN (n.nspowner, (SELECT d.datdba FROM pg_catalog.pg_database d
            WHERE d.datname = pg_catalog.current_database()))
          OR EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.oid = c.relowner
            AND (r.rolsuper OR r.rolname = CURRENT_USER))) THEN (
        SELECT pg_catalog.string_agg(a.attname, ', ' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) END
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relname = 'tideline_backfills' AND c.relpersistence <> 't'
        AND c.relkind NOT IN ('i', 'I')
        AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
      ORDER BY n.nspname""";

  private final Session session;
  private final String schema;
  private final String table;

  FillNotes(Session session, String schema) {
    this.session = session;
    this.schema = schema;
    this.table = Sql.quote(new TableName(schema, TABLE));
  }

  /**
   * A note.
   *
   * @param place where the walk is; empty at the table's beginning
   * @param made the body of the trigger's function, by which it is known again
   */
  record Note(BackfillState state, Optional<Row> place, String made) {}

  /** All notes of a database. */
  static List<BackfillState> everywhere(Session session) throws SQLException {
    List<BackfillState> states = new ArrayList<>();
    for (String[] found : found(session)) {
      if (COLUMNS.equals(found[1])) {
        new FillNotes(session, found[0]).all().forEach(note -> states.add(note.state()));
      }
    }
    return states;
  }

  private static List<String[]> found(Session session) throws SQLException {
    List<String[]> found = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(FIND)) {
      while (rows.next()) {
        found.add(new String[] {rows.getString(1), rows.getString(2)});
      }
    }
    return found;
  }

  /** Whether the table is there. */
  boolean there() throws SQLException {
    for (String[] found : found(session)) {
      if (found[0].equals(schema)) {
        if (COLUMNS.equals(found[1])) {
          return true;
        }
        throw new TidelineException(
            ErrorCode.BACKFILL_REFUSED,
            "Cannot note backfills: the table "
                + table
                + " is not Tideline's, or belongs to a role that may be anybody.",
            "Nothing was changed.",
            "Rename that table; or, if Tideline made it as another role, work as that one, or give"
                + " the table to this role.");
      }
    }
    return false;
  }

  private List<Note> all() throws SQLException {
    List<Note> notes = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet row =
            statement.executeQuery("SELECT " + COLUMNS + " FROM " + table + " ORDER BY name")) {
      while (row.next()) {
        notes.add(note(row));
      }
    }
    return notes;
  }

  private static Note note(ResultSet row) throws SQLException {
    try {
      return read(row);
    } catch (IllegalArgumentException e) {
      throw new TidelineException(
          ErrorCode.BACKFILL_CHANGED,
          "Cannot read what " + TABLE + " says of '" + row.getString(1) + "': somebody changed it.",
          "Nothing was changed.",
          "Put its row back as it was.",
          e);
    }
  }

  private static Note read(ResultSet row) throws SQLException {
    String place = row.getString(10);
    return new Note(
        new BackfillState(
            row.getString(1),
            row.getString(2),
            row.getString(3),
            BackfillState.Phase.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
            row.getInt(5),
            row.getLong(6),
            row.getLong(7),
            row.getLong(8),
            row.getBoolean(9)),
        place == null ? Optional.empty() : Optional.of(RowText.parse(place)),
        row.getString(11));
  }

  Optional<Note> of(String name) throws SQLException {
    return there()
        ? all().stream().filter(note -> note.state().name().equals(name)).findFirst()
        : Optional.empty();
  }

  /** Notes one that begins. */
  void add(BackfillState state, String made, Instant now) throws SQLException {
    if (!there()) {
      session.execute(
          "CREATE TABLE "
              + table
              + " (name pg_catalog.text PRIMARY KEY, specification pg_catalog.text NOT NULL,"
              + " shape pg_catalog.text NOT NULL, phase pg_catalog.text NOT NULL,"
              + " pass pg_catalog.int4 NOT NULL, batch pg_catalog.int8 NOT NULL,"
              + " walked pg_catalog.int8 NOT NULL, changed pg_catalog.int8 NOT NULL,"
              + " required pg_catalog.bool NOT NULL, place pg_catalog.text,"
              + " made pg_catalog.text NOT NULL, began_at pg_catalog.text NOT NULL)");
    }
    try (PreparedStatement insert =
        session
            .connection()
            .prepareStatement(
                "INSERT INTO " + table + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)")) {
      insert.setString(1, state.name());
      insert.setString(2, state.specification());
      insert.setString(3, state.shape());
      insert.setString(4, state.phase().word());
      insert.setInt(5, state.pass());
      insert.setLong(6, state.batch());
      insert.setLong(7, state.walked());
      insert.setLong(8, state.changed());
      insert.setBoolean(9, state.required());
      insert.setString(10, made);
      insert.setString(11, now.toString());
      insert.executeUpdate();
    }
  }

  /**
   * Notes how far one is.
   *
   * @param known what was noted last
   */
  void set(BackfillState known, BackfillState next, Optional<Row> place) throws SQLException {
    try (PreparedStatement update =
        session
            .connection()
            .prepareStatement(
                "UPDATE "
                    + table
                    + " SET phase = ?, pass = ?, batch = ?, walked = ?, changed = ?, required = ?,"
                    + " place = ? WHERE name = ? AND batch = ? AND pass = ? AND phase = ?")) {
      update.setString(1, next.phase().word());
      update.setInt(2, next.pass());
      update.setLong(3, next.batch());
      update.setLong(4, next.walked());
      update.setLong(5, next.changed());
      update.setBoolean(6, next.required());
      update.setString(7, place.map(RowText::of).orElse(null));
      name(update, 8, known);
      requireOne(update.executeUpdate(), known.name());
    }
  }

  private static void name(PreparedStatement statement, int at, BackfillState known)
      throws SQLException {
    statement.setString(at, known.name());
    statement.setLong(at + 1, known.batch());
    statement.setInt(at + 2, known.pass());
    statement.setString(at + 3, known.phase().word());
  }

  /** Removes a note, and the table with the last. */
  void remove(BackfillState known) throws SQLException {
    try (PreparedStatement delete =
        session
            .connection()
            .prepareStatement(
                "DELETE FROM "
                    + table
                    + " WHERE name = ? AND batch = ? AND pass = ? AND phase = ?")) {
      name(delete, 1, known);
      requireOne(delete.executeUpdate(), known.name());
    }
    if (session.text("SELECT 1 FROM " + table + " LIMIT 1").isEmpty()) {
      session.execute("DROP TABLE " + table);
    }
  }

  private static void requireOne(long rows, String name) {
    if (rows != 1) {
      throw new TidelineException(
          ErrorCode.BACKFILL_CHANGED,
          "Cannot go on with the backfill '" + name + "': what " + TABLE + " says of it changed.",
          "The last transaction was rolled back; every value before it is as noted.",
          "See that no other process works on it, and run the same command again.");
    }
  }
}
