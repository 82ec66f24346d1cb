package io.tideline.sqlite;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import io.tideline.row.RowText;
import io.tideline.tuning.BackfillState;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table in the database that says how far backfills are. */
final class FillNotes {
  static final String TABLE = "tideline_backfills";
  private static final String FROM = "\"main\".\"" + TABLE + "\"";
  private static final String COLUMNS =
      "name, specification, shape, phase, pass, batch, walked, changed, required, place, made,"
          + " began_at";
  private static final String MAKE =
      "CREATE TABLE "
          + FROM
          + " (name TEXT PRIMARY KEY NOT NULL, specification TEXT NOT NULL, shape TEXT NOT NULL,"
          + " phase TEXT NOT NULL, pass INTEGER NOT NULL, batch INTEGER NOT NULL,"
          + " walked INTEGER NOT NULL, changed INTEGER NOT NULL, required INTEGER NOT NULL,"
          + " place TEXT, made TEXT NOT NULL, began_at TEXT NOT NULL)";

  private final Session session;

  FillNotes(Session session) {
    this.session = session;
  }

  /**
   * A note.
   *
   * @param place where the walk is; empty at the table's beginning
   * @param made the statements of what was made for it, by which that is known again
   */
  record Note(BackfillState state, Optional<Row> place, String made) {}

  /** Whether the table is there. */
  boolean there() throws SQLException {
    List<String[]> columns =
        session.strings("SELECT name FROM pragma_table_info(?, 'main')", TABLE);
    if (columns.isEmpty()) {
      return false;
    }
    List<String> names = columns.stream().map(row -> row[0]).toList();
    if (!names.equals(List.of(COLUMNS.split(", ")))) {
      throw new TidelineException(
          ErrorCode.BACKFILL_REFUSED,
          "Cannot note backfills: the database has a table " + TABLE + " that is not Tideline's.",
          "Nothing was changed.",
          "Rename that table.");
    }
    return true;
  }

  /** All notes. */
  List<Note> all() throws SQLException {
    List<Note> notes = new ArrayList<>();
    if (there()) {
      for (String[] row :
          session.strings("SELECT " + COLUMNS + " FROM " + FROM + " ORDER BY name")) {
        notes.add(note(row));
      }
    }
    return notes;
  }

  Optional<Note> of(String name) throws SQLException {
    return all().stream().filter(note -> note.state().name().equals(name)).findFirst();
  }

  private static Note note(@Nullable String[] row) {
    try {
      return read(row);
    } catch (IllegalArgumentException e) {
      throw new TidelineException(
          ErrorCode.BACKFILL_CHANGED,
          "Cannot read what " + TABLE + " says of '" + row[0] + "': somebody changed it.",
          "Nothing was changed.",
          "Put its row back as it was.",
          e);
    }
  }

  private static Note read(@Nullable String[] row) {
    String place = row[9];
    return new Note(
        new BackfillState(
            text(row, 0),
            text(row, 1),
            text(row, 2),
            BackfillState.Phase.valueOf(text(row, 3).toUpperCase(Locale.ROOT)),
            (int) number(row, 4),
            number(row, 5),
            number(row, 6),
            number(row, 7),
            number(row, 8) != 0),
        place == null ? Optional.empty() : Optional.of(RowText.parse(place)),
        text(row, 10));
  }

  private static String text(@Nullable String[] row, int i) {
    return String.valueOf(row[i]);
  }

  private static long number(@Nullable String[] row, int i) {
    return Long.parseLong(text(row, i));
  }

  /** Notes one that begins. */
  void add(BackfillState state, String made, Instant now) throws SQLException {
    if (!there()) {
      session.execute(MAKE);
    }
    Sql sql = session.sql().add("INSERT INTO " + FROM + " (" + COLUMNS + ") VALUES (");
    sql.value(state.name()).add(", ").value(state.specification()).add(", ").value(state.shape());
    sql.add(", ").value(state.phase().word()).add(", ").value(state.pass());
    sql.add(", ").value(state.batch()).add(", ").value(state.walked());
    sql.add(", ").value(state.changed()).add(", 0, NULL, ").value(made);
    sql.add(", ").value(now.toString()).add(")");
    requireOne(session.update(sql), state.name());
  }

  /**
   * Notes how far one is.
   *
   * @param known what was noted last
   */
  void set(BackfillState known, BackfillState next, Optional<Row> place) throws SQLException {
    Sql sql = session.sql().add("UPDATE " + FROM + " SET phase = ").value(next.phase().word());
    sql.add(", pass = ").value(next.pass()).add(", batch = ").value(next.batch());
    sql.add(", walked = ").value(next.walked()).add(", changed = ").value(next.changed());
    sql.add(", required = ").value(next.required() ? 1 : 0).add(", place = ");
    if (place.isPresent()) {
      sql.value(RowText.of(place.get()));
    } else {
      sql.add("NULL");
    }
    requireOne(session.update(where(sql, known)), known.name());
  }

  private static Sql where(Sql sql, BackfillState known) {
    return sql.add(" WHERE name = ")
        .value(known.name())
        .add(" AND batch = ")
        .value(known.batch())
        .add(" AND pass = ")
        .value(known.pass())
        .add(" AND phase = ")
        .value(known.phase().word());
  }

  /** Removes a note, and the table with the last. */
  void remove(BackfillState known) throws SQLException {
    Sql sql = where(session.sql().add("DELETE FROM " + FROM), known);
    requireOne(session.update(sql), known.name());
    if (session.strings("SELECT 1 FROM " + FROM + " LIMIT 1").isEmpty()) {
      session.execute("DROP TABLE " + FROM);
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
