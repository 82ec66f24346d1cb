package io.tideline.store.migrate;

import java.sql.SQLException;
import java.util.List;

/** What is noted of a migration, in the database itself, in the transaction of what it tells. */
final class Journal {
  /**
   * The one row.
   *
   * @param stage how far it is
   * @param cursor the number of the last trace that was filled
   * @param until the last that is to be filled
   * @param shape the schema of what the migration works on, as it left it
   * @param traces the rows that {@code traces_before} had at the switch
   * @param mappings the rows that {@code trace_sessions_before} had at the switch
   */
  record Entry(Stage stage, long cursor, long until, String shape, long traces, long mappings) {}

  private static final String MAKE =
      """
      CREATE TABLE tideline_trace_migration (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        stage TEXT NOT NULL,
        cursor INTEGER NOT NULL,
        until INTEGER NOT NULL,
        shape TEXT NOT NULL,
        traces INTEGER NOT NULL,
        mappings INTEGER NOT NULL)""";

  /** Not the statistics, which may change at any time. */
  private static final String SHAPE =
      """
      SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '')
      FROM sqlite_schema
      WHERE lower(tbl_name) IN ('traces_before', 'trace_sessions_before', 'trace_sessions')
        OR ?1 AND lower(tbl_name) IN ('traces', 'session_traces', 'tideline_traces',
          'tideline_session_traces', 'tideline_trace_migration_log')
      ORDER BY type, name""";

  private Journal() {}

  static boolean isThere(Sql sql) throws SQLException {
    return sql.number(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", Tables.STATE)
        == 1;
  }

  static void begin(Sql sql) throws SQLException {
    sql.update(MAKE);
    long until = sql.number("SELECT coalesce(max(rowid), 0) FROM traces");
    sql.update(
        "INSERT INTO tideline_trace_migration VALUES (1, ?, ?, ?, ?, 0, 0)",
        Stage.FILLING.name(),
        Long.MIN_VALUE,
        until,
        shape(sql, Stage.FILLING));
  }

  static Entry read(Sql sql) throws SQLException {
    List<Entry> entries =
        sql.query(
            "SELECT stage, cursor, until, shape, traces, mappings FROM tideline_trace_migration",
            row ->
                new Entry(
                    Stage.valueOf(row.getString(1)),
                    row.getLong(2),
                    row.getLong(3),
                    row.getString(4),
                    row.getLong(5),
                    row.getLong(6)));
    if (entries.size() != 1) {
      throw changed("its note tideline_trace_migration is empty");
    }
    return entries.get(0);
  }

  /** The entry, if it is at this stage and nobody has changed what it works on. */
  static Entry expect(Sql sql, Stage stage) throws SQLException {
    if (!isThere(sql)) {
      throw changed("its note is gone: another call has ended it");
    }
    Entry entry = read(sql);
    if (entry.stage() != stage) {
      throw changed("another call has brought it to " + entry.stage());
    }
    if (!entry.shape().equals(shape(sql, stage))) {
      throw changed("a table, index, view or trigger that it works on is another than it was");
    }
    return entry;
  }

  /** The same, wherever it may be of these, and whatever else was changed. */
  static void expectAny(Sql sql, List<Stage> stages) throws SQLException {
    if (!isThere(sql)) {
      throw changed("its note is gone: another call has ended it");
    }
    Stage stage = read(sql).stage();
    if (!stages.contains(stage)) {
      throw changed("another call has brought it to " + stage);
    }
  }

  static void enter(Sql sql, Stage stage) throws SQLException {
    sql.update(
        "UPDATE tideline_trace_migration SET stage = ?, shape = ?",
        stage.name(),
        shape(sql, stage));
  }

  static void filled(Sql sql, long cursor) throws SQLException {
    sql.update("UPDATE tideline_trace_migration SET cursor = ?", cursor);
  }

  static void switched(Sql sql, long traces, long mappings) throws SQLException {
    sql.update("UPDATE tideline_trace_migration SET traces = ?, mappings = ?", traces, mappings);
  }

  static void end(Sql sql) throws SQLException {
    sql.update("DROP TABLE tideline_trace_migration");
  }

  /** After the switch the new tables are the application's, which may give them indexes. */
  private static String shape(Sql sql, Stage stage) throws SQLException {
    boolean all = stage == Stage.FILLING || stage == Stage.FOLLOWING || stage == Stage.RETURNING;
    if (stage == Stage.DROPPING || stage == Stage.FINISHING) {
      return "";
    }
    return String.join("\n", sql.query(SHAPE, row -> row.getString(1), all));
  }

  private static MigrationException changed(String what) {
    return new MigrationException(
        MigrationException.Reason.CHANGED,
        "Cannot go on with the migration of the traces: "
            + what
            + ". The last transaction is rolled back, no row is lost. Take that change back and call"
            + " it again, or undo the migration.",
        null);
  }
}
