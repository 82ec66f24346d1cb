package io.tideline.sqlite;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import io.tideline.sqlite.CompactedTable.Delta;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteErrorCode;

/**
 * The compact copy, with the live database attached to read from. Each method that follows the
 * changes is one transaction, in which the live database is seen at one moment; what it takes over
 * it compares.
 */
final class CompactCopy implements AutoCloseable {
  private static final String TRIGGERS =
      """
      SELECT name, sql, substr(name, 1, length(?1)) = ?1 AND instr(sql, ?2) > 0
      FROM main.sqlite_schema WHERE type = 'trigger' ORDER BY rowid""";
  private static final List<String> SYSTEM_TABLES =
      List.of("sqlite_sequence", "sqlite_stat1", "sqlite_stat4");
  private static final List<String> PRAGMAS = List.of("user_version", "application_id");

  private final Session session;
  private final ChangeCapture.Captured captured;
  private final String place;
  private final Map<Integer, Long> rows = new HashMap<>();
  private final List<String> triggers = new ArrayList<>();
  private long position;

  private CompactCopy(Session session, ChangeCapture.Captured captured, String place) {
    this.session = session;
    this.captured = captured;
    this.place = place;
  }

  /**
   * Opens a copy as {@code VACUUM INTO} made it. Nothing of it need be durable: if this process
   * ends, it is worthless.
   */
  static CompactCopy open(Path copy, DatabaseFile live, ChangeCapture.Captured captured)
      throws SQLException {
    Session session = Session.openWriting(new DatabaseFile(copy, "", false), Pace.GENTLE);
    try {
      session.execute(
          "PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON; PRAGMA synchronous=OFF;"
              + " PRAGMA journal_mode=MEMORY");
      session.update(session.sql().add("ATTACH ").value(live.uri()).add(" AS live"));
      CompactCopy opened = new CompactCopy(session, captured, live.path().toString());
      opened.prepare();
      return opened;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Its own log tells up to where it has the changes; no trigger of the user's may fire here. */
  private void prepare() throws SQLException {
    position = number("SELECT coalesce(max(seq), 0) FROM main." + Sql.quote(ChangeCapture.LOG));
    session.execute("BEGIN");
    for (String[] row : session.strings(TRIGGERS, ChangeCapture.PREFIX, ChangeCapture.MARK)) {
      session.execute("DROP TRIGGER main." + Sql.quote(row[0]));
      if (row[2].equals("0")) {
        triggers.add(row[1]);
      }
    }
    session.execute("DROP TABLE main." + Sql.quote(ChangeCapture.LOG));
    session.execute("COMMIT");
    for (CompactedTable table : captured.tables()) {
      rows.put(table.number(), count("main", table));
    }
  }

  /** Takes over what changed since the last time. @return how many changes that were */
  long follow() throws SQLException {
    return transaction(this::apply);
  }

  /** Takes over what changed, and compares every row of every table. */
  void followAndCompareAll() throws SQLException {
    transaction(
        () -> {
          long changes = apply();
          for (CompactedTable table : captured.tables()) {
            requireSameCount(table);
            if (!session.strings(table.anyDiffering(session)).isEmpty()) {
              throw discarded("a row of " + table.name() + " is not in it as it should be");
            }
          }
          return changes;
        });
  }

  /** Takes over the last changes, while nobody else may write, and makes it what goes home. */
  void finish() throws SQLException {
    transaction(
        () -> {
          String schema = session.strings("PRAGMA live.schema_version").get(0)[0];
          if (!schema.equals(captured.schema())) {
            throw discarded("somebody changed the schema meanwhile");
          }
          long changes = apply();
          for (CompactedTable table : captured.tables()) {
            requireSameCount(table);
          }
          for (String table : SYSTEM_TABLES) {
            takeOver(table);
          }
          for (String pragma : PRAGMAS) {
            String value = session.strings("PRAGMA live." + pragma).get(0)[0];
            session.execute("PRAGMA main." + pragma + "=" + Long.parseLong(value));
          }
          for (String trigger : triggers) {
            session.execute(trigger);
          }
          return changes;
        });
  }

  /** Keeps everybody else out of the copy, so that nobody can go on reading it. */
  void lock() throws SQLException {
    session.execute("DETACH live");
    session.execute("BEGIN EXCLUSIVE");
  }

  private interface Work {
    long run() throws SQLException;
  }

  /** IMMEDIATE would lock the live database too. */
  private long transaction(Work work) throws SQLException {
    session.execute("BEGIN");
    try {
      long result = work.run();
      session.execute("COMMIT");
      return result;
    } catch (SQLException | RuntimeException e) {
      rollBack(e);
      throw e;
    }
  }

  private void rollBack(Exception failure) {
    try {
      session.execute("ROLLBACK");
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  private long apply() throws SQLException {
    String log = "live." + Sql.quote(ChangeCapture.LOG);
    Delta delta = new Delta(position, number("SELECT coalesce(max(seq), 0) FROM " + log));
    if (delta.to() <= delta.from()) {
      return 0;
    }
    List<CompactedTable> changed = changed(log, delta);
    for (CompactedTable table : changed) {
      rows.merge(table.number(), -session.update(table.deleteFromCopy(session, delta)), Long::sum);
    }
    for (CompactedTable table : changed) {
      rows.merge(table.number(), insert(table, delta), Long::sum);
    }
    for (CompactedTable table : changed) {
      if (!session.strings(table.differing(session, delta)).isEmpty()) {
        throw discarded("a changed row of " + table.name() + " is not in it as it should be");
      }
    }
    position = delta.to();
    return delta.to() - delta.from();
  }

  /** A row that REPLACE took away unseen may be in the way of the one that it made. */
  private long insert(CompactedTable table, Delta delta) throws SQLException {
    try {
      return session.update(table.insertIntoCopy(session, delta));
    } catch (SQLException e) {
      if (Failures.primary(e) == SQLiteErrorCode.SQLITE_CONSTRAINT) {
        throw discarded(
            "a changed row of "
                + table.name()
                + " has no place in it, as after REPLACE over a"
                + " second unique index");
      }
      throw e;
    }
  }

  private List<CompactedTable> changed(String log, Delta delta) throws SQLException {
    Sql numbers =
        session
            .sql()
            .add("SELECT DISTINCT tbl FROM " + log + " WHERE seq > ")
            .value(delta.from())
            .add(" AND seq <= ")
            .value(delta.to());
    return session.strings(numbers).stream()
        .map(row -> captured.tables().get(Integer.parseInt(row[0])))
        .toList();
  }

  /**
   * REPLACE fires no delete trigger unless {@code recursive_triggers} is on: a row that it took
   * away by another unique index shows only here.
   *
   * @see <a href="https://sqlite.org/lang_conflict.html">REPLACE</a>
   */
  private void requireSameCount(CompactedTable table) throws SQLException {
    long live = count("live", table);
    long here = rows.getOrDefault(table.number(), 0L);
    if (live != here) {
      throw discarded(
          table.name()
              + " has "
              + live
              + " rows and the copy "
              + here
              + ": something changed it unseen, such as REPLACE over a second unique index");
    }
  }

  private long count(String schema, CompactedTable table) throws SQLException {
    return number("SELECT count(*) FROM " + schema + "." + Sql.quote(table.name()));
  }

  private void takeOver(String table) throws SQLException {
    String there = "SELECT 1 FROM %s.sqlite_schema WHERE name = '" + table + "'";
    if (!session.strings(there.formatted("main")).isEmpty()
        && !session.strings(there.formatted("live")).isEmpty()) {
      session.execute(
          "DELETE FROM main."
              + table
              + "; INSERT INTO main."
              + table
              + " SELECT * FROM live."
              + table);
    }
  }

  private long number(String sql) throws SQLException {
    return Long.parseLong(session.strings(sql).get(0)[0]);
  }

  private TidelineException discarded(String why) {
    return new TidelineException(
        ErrorCode.COMPACTION_DISCARDED,
        "Cannot bring the compact copy of " + place + " home: " + why + ".",
        "The copy was discarded; the database is unchanged.",
        "Run it again; if it happens again, take `tideline reclaim --way vacuum` in a window.");
  }

  @Override
  public void close() {
    session.close();
  }
}
