package io.tideline.sqlite;

import io.tideline.sqlite.CompactedTable.Delta;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteErrorCode;

/**
 * The rows of a compact copy: they follow the live ones by the log of changed keys, and are
 * compared with them. Each method must be called in a transaction, which sees the live database at
 * one moment.
 */
final class CopyRows {
  private static final String LIVE_LOG = "live." + Sql.quote(ChangeCapture.LOG);

  private final Session session;
  private final ChangeCapture.Captured captured;
  private final Path live;
  private final Map<Integer, Long> rows = new HashMap<>();
  private final Map<CompactedTable, Doubt> doubts = new HashMap<>();
  private long position;

  CopyRows(Session session, ChangeCapture.Captured captured, Path live) {
    this.session = session;
    this.captured = captured;
    this.live = live;
  }

  /** Its own log tells up to where it has the changes, and is not needed then. */
  void begin() throws SQLException {
    String log = "main." + Sql.quote(ChangeCapture.LOG);
    position = number("SELECT coalesce(max(seq), 0) FROM " + log);
    session.execute("DROP TABLE " + log);
    for (CompactedTable table : captured.tables()) {
      rows.put(table.number(), count("main", table));
    }
  }

  /** Takes over what changed since the last time, and compares it. @return how many changes */
  long follow() throws SQLException {
    Delta delta = new Delta(position, number("SELECT coalesce(max(seq), 0) FROM " + LIVE_LOG));
    if (delta.to() <= delta.from()) {
      return 0;
    }
    List<CompactedTable> changed = changed(delta);
    for (CompactedTable table : changed) {
      if (any(table.nameless(session, delta))) {
        throw discarded("a key of " + table.name() + " became NULL, which equals nothing");
      }
      rows.merge(table.number(), -session.update(table.deleteFromCopy(session, delta)), Long::sum);
    }
    for (CompactedTable table : changed) {
      rows.merge(table.number(), insert(table, delta), Long::sum);
    }
    for (CompactedTable table : changed) {
      if (any(table.differing(session, delta))) {
        throw discarded("a changed row of " + table.name() + " is not in it as it should be");
      }
    }
    position = delta.to();
    return number(changes(delta, "count(*)").add(" AND " + CompactedTable.EACH_CHANGE));
  }

  private List<CompactedTable> changed(Delta delta) throws SQLException {
    List<CompactedTable> changed = new ArrayList<>();
    Sql numbers = changes(delta, "tbl, " + CompactedTable.ALL_INSERTED).add(" GROUP BY tbl");
    for (String[] row : session.strings(numbers)) {
      CompactedTable table = captured.tables().get(Integer.parseInt(row[0]));
      changed.add(table);
      if (row[1].equals("0")) {
        doubt(table, delta);
      }
    }
    return changed;
  }

  private void doubt(CompactedTable table, Delta delta) throws SQLException {
    Doubt doubt = Doubt.values()[(int) number(table.doubt(session, delta))];
    if (doubt.compareTo(doubts.getOrDefault(table, Doubt.NONE)) > 0) {
      doubts.put(table, doubt);
    }
  }

  private Sql changes(Delta delta, String what) {
    return session
        .sql()
        .add("SELECT " + what + " FROM " + LIVE_LOG + " WHERE seq > ")
        .value(delta.from())
        .add(" AND seq <= ")
        .value(delta.to());
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

  /** Compares every row of every table. */
  void compareAll() throws SQLException {
    for (CompactedTable table : captured.tables()) {
      requireSameCount(table);
      if (any(table.anyDiffering(session))) {
        throw discarded("a row of " + table.name() + " is not in it as it should be");
      }
    }
    doubts.clear();
  }

  /** Compares what since the last comparison may have changed without being logged. */
  void compareDoubtful() throws SQLException {
    for (Map.Entry<CompactedTable, Doubt> each : doubts.entrySet()) {
      CompactedTable table = each.getKey();
      requireSameCount(table);
      boolean rows = each.getValue() == Doubt.ROWS;
      if (any(rows ? table.anyDiffering(session) : table.otherKeys(session))) {
        throw discarded("something inserted a row into " + table.name() + " unseen");
      }
    }
    doubts.clear();
  }

  /** Looks again, where it takes little, whether rows came or went since without being logged. */
  void requireNothingUnseen() throws SQLException {
    for (CompactedTable table : captured.tables()) {
      if (table.counted() && !doubts.containsKey(table)) {
        requireSameCount(table);
      }
      if (any(table.otherEnds(session))) {
        throw discarded("something changed the first or last key of " + table.name() + " unseen");
      }
    }
    compareDoubtful();
  }

  /**
   * REPLACE fires no delete trigger unless {@code recursive_triggers} is on: a row that it took
   * away by another unique index shows only here.
   *
   * @see <a href="https://sqlite.org/lang_conflict.html">REPLACE</a>
   */
  private void requireSameCount(CompactedTable table) throws SQLException {
    long there = count("live", table);
    long here = rows.getOrDefault(table.number(), 0L);
    if (there != here) {
      throw discarded(
          table.name()
              + " has "
              + there
              + " rows and the copy "
              + here
              + ": something changed it unseen, such as REPLACE over a second unique index");
    }
  }

  private boolean any(Sql query) throws SQLException {
    return !session.strings(query).isEmpty();
  }

  private long count(String schema, CompactedTable table) throws SQLException {
    return number("SELECT count(*) FROM " + schema + "." + Sql.quote(table.name()));
  }

  private long number(Sql query) throws SQLException {
    return Long.parseLong(session.strings(query).get(0)[0]);
  }

  private long number(String sql) throws SQLException {
    return Long.parseLong(session.strings(sql).get(0)[0]);
  }

  private RuntimeException discarded(String why) {
    return Compaction.discarded(live, why);
  }
}
