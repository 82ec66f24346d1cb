package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.RefusedException;
import io.tideline.tuning.MovePhase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Exchanges the names of the two tables. First writers wait, readers go on, and another session
 * takes the last changes over and commits them: so that every snapshot from then on sees them in
 * the other table. Then every older snapshot is waited for, because a transaction that keeps one
 * would find rows missing under the name. Only then readers wait too, for as long as names change.
 */
final class MoveExchange {
  private static final int NOTES = 20_000;
  private static final long SNAPSHOTS_MILLIS = 1_000;

  /**
   * Everybody sees the snapshots of everybody, if not what they do. Who waits for our lock has one
   * from before it, and cannot end; at READ COMMITTED he takes another when he has the lock. If his
   * transaction, or his snapshot, is younger than the last changes that were taken over before the
   * lock, he may go on waiting. An old writing transaction makes the horizon of every snapshot old;
   * whose transaction began after the last changes were taken over sees them all the same. Of other
   * roles it may not be known when theirs began: they count as old.
   */
  private static final String OLD =
      """
      SELECT a.pid, COALESCE(NULLIF(a.application_name, ''), a.backend_type, 'unnamed') AS name,
        COALESCE(a.state, 'of another role') AS state, a.waits
      FROM (SELECT b.*, %s = ANY (pg_catalog.pg_blocking_pids(b.pid)) AS waits
        FROM pg_catalog.pg_stat_activity b WHERE b.backend_xmin IS NOT NULL) AS a
      WHERE a.datname = pg_catalog.current_database() AND a.pid <> ALL (ARRAY[%s])
        AND COALESCE(a.backend_type, '') NOT IN ('autovacuum worker', 'walsender')
        AND a.backend_xmin IS NOT NULL
        AND pg_catalog.age(a.backend_xmin) >= pg_catalog.age('%s'::pg_catalog.xid)
        AND COALESCE(a.xact_start < '%s'::pg_catalog.timestamptz, true)
        AND NOT (a.waits AND (COALESCE(a.xact_start >= '%s'::pg_catalog.timestamptz, false)
          OR pg_catalog.age(a.backend_xmin) < pg_catalog.age('%s'::pg_catalog.xid)))
      ORDER BY a.xact_start LIMIT 5""";

  private final Session session;
  private final Session second;
  private final MoveNames names;
  private final MoveShape shape;

  MoveExchange(Session session, Session second, MoveNames names, MoveShape shape) {
    this.session = session;
    this.second = second;
    this.names = names;
    this.shape = shape;
  }

  /** The copy gets the table's name. */
  void exchange(MoveMemory memory) throws SQLException {
    Moment before = followed(names.table(), names.copy());
    lock("SHARE ROW EXCLUSIVE", names.table());
    MoveChanges.require(session, names, memory);
    if (!MoveTriggers.digest(session, memory.function(), memory.source())
        .equals(memory.triggers())) {
      throw MoveWork.refused(
          names.table(),
          List.of("its triggers or their function were touched, so that changes may be unnoted"),
          "Begin anew: undo it, then call it again.");
    }
    followRest(names.table(), names.copy(), before);
    lock("ACCESS EXCLUSIVE", names.table(), names.copy());
    MoveChanges.requireOurs(session, names, memory);
    requireNothingNoted();
    MoveTriggers.drop(session, memory.function(), memory.source());
    rename(names.table(), names.before());
    rename(names.copy(), names.table());
    renameIndexes(memory.source(), names.before(), List.of());
    renameIndexes(memory.copy(), names.table(), memory.indexes());
    new MoveSequences(session, names).pass(memory.source(), memory.copy());
    MoveMemory.set(session, names.memory(), MovePhase.SWITCHED);
  }

  /** The plain table gets its name back. */
  void exchangeBack(MoveMemory memory) throws SQLException {
    Moment before = followed(names.table(), names.before());
    lock("SHARE ROW EXCLUSIVE", names.table());
    MoveChanges.require(session, names, memory);
    if (!MoveTriggers.lacking(session, memory.function(), memory.copy()).isEmpty()) {
      throw MoveWork.refused(
          names.table(),
          List.of("a partition was made, or a trigger was touched, since the tables were compared"),
          "Call it again: it compares again.");
    }
    followRest(names.table(), names.before(), before);
    lock("ACCESS EXCLUSIVE", names.table(), names.before());
    MoveChanges.requireOurs(session, names, memory);
    requireNothingNoted();
    for (long each : MoveTriggers.followed(session, memory.function())) {
      MoveTriggers.drop(session, memory.function(), each);
    }
    rename(names.table(), names.copy());
    rename(names.before(), names.table());
    renameIndexes(memory.copy(), names.copy(), List.of());
    renameIndexes(memory.source(), names.table(), memory.indexes());
    new MoveSequences(session, names).pass(memory.copy(), memory.source());
    MoveMemory.set(session, names.memory(), MovePhase.UNDONE);
  }

  private void lock(String mode, TableName... tables) throws SQLException {
    session.execute(
        "LOCK TABLE " + Sql.list(List.of(tables), Sql::quote) + " IN " + mode + " MODE");
  }

  private void requireNothingNoted() throws SQLException {
    if (!session.text("SELECT 1 FROM " + Sql.quote(names.log()) + " LIMIT 1").isEmpty()) {
      throw new RefusedException("somebody changed rows in spite of the lock", true);
    }
  }

  /**
   * When changes were taken over.
   *
   * @param time the server's time
   * @param xid the number of the next transaction then
   */
  private record Moment(String time, String xid) {}

  private Moment now() throws SQLException {
    String time = second.text("SELECT pg_catalog.clock_timestamp()");
    long xid = Long.parseLong(second.text("SELECT pg_catalog.txid_current()"));
    return new Moment(time, Long.toString(xid & 0xFFFF_FFFFL));
  }

  /** Takes over what is noted, while everybody goes on. */
  private Moment followed(TableName from, TableName to) throws SQLException {
    new MoveRows(second, names, shape).follow(from, to, NOTES);
    return now();
  }

  /** Writers wait: takes over what they did last, and waits until no older snapshot is left. */
  private void followRest(TableName from, TableName to, Moment before) throws SQLException {
    MoveRows rows = new MoveRows(second, names, shape);
    for (int tries = 0; rows.follow(from, to, NOTES) > 0; tries++) {
      if (tries == 3) {
        throw new RefusedException("changes come faster than they are taken over", true);
      }
    }
    Moment last = now();
    String own = session.text("SELECT pg_catalog.pg_backend_pid()");
    String other = second.text("SELECT pg_catalog.pg_backend_pid()");
    String sql =
        OLD.formatted(
            own, own + ", " + other, last.xid(), last.time(), before.time(), before.xid());
    long began = System.nanoTime();
    List<Holder> old = old(sql);
    while (!old.isEmpty()) {
      boolean waiters = old.stream().allMatch(Holder::waits);
      if (waiters || System.nanoTime() - began > SNAPSHOTS_MILLIS * 1_000_000) {
        throw new RefusedException(
            "transactions are open that began before the last rows were copied, and would miss rows:"
                + " "
                + Sql.list(old, Holder::text)
                + ". Let them end, or end them, then call it again",
            waiters);
      }
      MoveWork.rest(20);
      old = old(sql);
    }
  }

  /** Who holds an old snapshot, and whether it is because he waits for us. */
  private record Holder(String text, boolean waits) {}

  private List<Holder> old(String sql) throws SQLException {
    List<Holder> old = new ArrayList<>();
    try (Statement statement = second.statement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        old.add(
            new Holder(
                "process "
                    + row.getInt(1)
                    + " ("
                    + row.getString(2)
                    + ", "
                    + row.getString(3)
                    + ")",
                row.getBoolean(4)));
      }
    }
    return old;
  }

  private void rename(TableName from, TableName to) throws SQLException {
    session.execute("ALTER TABLE " + Sql.quote(from) + " RENAME TO " + Sql.quote(to.name()));
  }

  /**
   * Gives the indexes of a table the names in their order, or names of their own. The orders are
   * the same: the primary key's, then by name; names of our own count up in that order.
   */
  private void renameIndexes(long table, TableName now, List<String> wanted) throws SQLException {
    List<MoveShape.IndexText> indexes = MoveShape.read(session, table).indexes();
    for (int i = 0; i < indexes.size(); i++) {
      String name = wanted.isEmpty() ? names.index(now, i).name() : wanted.get(i);
      session.execute(
          "ALTER INDEX "
              + Sql.quote(new TableName(names.table().schema(), indexes.get(i).name()))
              + " RENAME TO "
              + Sql.quote(name));
    }
  }
}
