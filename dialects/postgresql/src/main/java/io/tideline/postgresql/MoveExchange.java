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

  /** Rights are needed to see what snapshots others hold: who is not seen counts as old. */
  private static final String OLD =
      """
      SELECT a.pid, COALESCE(NULLIF(a.application_name, ''), a.backend_type) AS name, a.state
      FROM pg_catalog.pg_stat_activity a
      WHERE a.datname = pg_catalog.current_database() AND a.pid <> ALL (ARRAY[%s])
        AND COALESCE(a.backend_type, '') NOT IN ('autovacuum worker', 'walsender')
        AND (a.backend_xmin IS NOT NULL
          AND pg_catalog.age(a.backend_xmin) >= pg_catalog.age('%s'::pg_catalog.xid)
          OR a.backend_type IS NULL)
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
    lock("SHARE ROW EXCLUSIVE", names.table());
    requireUnchanged(memory, memory.source(), memory.copy());
    if (!MoveTriggers.digest(session, memory.function(), memory.source())
        .equals(memory.triggers())) {
      throw MoveWork.refused(
          names.table(),
          List.of("its triggers or their function were touched, so that changes may be unnoted"),
          "Begin anew: undo it, then call it again.");
    }
    followRest(names.table(), names.copy());
    lock("ACCESS EXCLUSIVE", names.table(), names.copy());
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
    lock("SHARE ROW EXCLUSIVE", names.table());
    requireUnchanged(memory, memory.source(), memory.copy());
    if (!MoveTriggers.lacking(session, memory.function(), memory.copy()).isEmpty()) {
      throw MoveWork.refused(
          names.table(),
          List.of("a partition was made, or a trigger was touched, since the tables were compared"),
          "Call it again: it compares again.");
    }
    followRest(names.table(), names.before());
    lock("ACCESS EXCLUSIVE", names.table(), names.before());
    requireNothingNoted();
    for (long each : followed(memory)) {
      MoveTriggers.drop(session, memory.function(), each);
    }
    rename(names.table(), names.copy());
    rename(names.before(), names.table());
    renameIndexes(memory.copy(), names.copy(), List.of());
    renameIndexes(memory.source(), names.table(), memory.indexes());
    new MoveSequences(session, names).pass(memory.copy(), memory.source());
    MoveMemory.set(session, names.memory(), MovePhase.UNDONE);
  }

  private List<Long> followed(MoveMemory memory) throws SQLException {
    List<Long> tables = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet row =
            statement.executeQuery(
                "SELECT DISTINCT t.tgrelid::pg_catalog.int8 FROM pg_catalog.pg_trigger t WHERE"
                    + " t.tgfoid = "
                    + memory.function())) {
      while (row.next()) {
        tables.add(row.getLong(1));
      }
    }
    return tables;
  }

  private void lock(String mode, TableName... tables) throws SQLException {
    session.execute(
        "LOCK TABLE " + Sql.list(List.of(tables), Sql::quote) + " IN " + mode + " MODE");
  }

  /** Under a lock that keeps changes of the definition out. */
  private void requireUnchanged(MoveMemory memory, long source, long copy) throws SQLException {
    List<String> changed = new ArrayList<>();
    if (session.text("SELECT is_called FROM " + Sql.quote(names.broken())).equals("t")) {
      changed.add("a change of the table could not be noted, or it was truncated");
    }
    if (!MoveObstacles.digest(session, source).equals(memory.digest())) {
      changed.add("the definition of the plain table has changed");
    }
    if (!MoveObstacles.digest(session, copy).equals(memory.copyDigest())) {
      changed.add("the definition of the partitioned table has changed");
    }
    changed.addAll(MoveObstacles.of(session, source, memory.function()));
    changed.addAll(MoveObstacles.ofCopy(session, copy, memory.function()));
    if (!changed.isEmpty()) {
      throw MoveWork.refused(
          names.table(),
          changed,
          "Take the change back, or undo the move before the switch and begin anew.");
    }
  }

  private void requireNothingNoted() throws SQLException {
    if (!session.text("SELECT 1 FROM " + Sql.quote(names.log()) + " LIMIT 1").isEmpty()) {
      throw new RefusedException("somebody changed rows in spite of the lock", true);
    }
  }

  /** Writers wait: takes over what they did last, and waits until no older snapshot is left. */
  private void followRest(TableName from, TableName to) throws SQLException {
    MoveRows rows = new MoveRows(second, names, shape);
    for (int tries = 0; rows.follow(from, to, NOTES) > 0; tries++) {
      if (tries == 3) {
        throw new RefusedException("changes come faster than they are taken over", true);
      }
    }
    String last = second.text("SELECT pg_catalog.txid_current()");
    String own =
        session.text("SELECT pg_catalog.pg_backend_pid()")
            + ", "
            + second.text("SELECT pg_catalog.pg_backend_pid()");
    String xid = Long.toString(Long.parseLong(last) & 0xFFFF_FFFFL);
    long began = System.nanoTime();
    List<String> old = old(own, xid);
    while (!old.isEmpty()) {
      if (System.nanoTime() - began > SNAPSHOTS_MILLIS * 1_000_000) {
        throw new RefusedException(
            "transactions are open that began before the last rows were copied, and would miss rows:"
                + " "
                + String.join(", ", old)
                + ". Let them end, or end them, then call it again",
            false);
      }
      MoveWork.rest(20);
      old = old(own, xid);
    }
  }

  private List<String> old(String own, String xid) throws SQLException {
    List<String> old = new ArrayList<>();
    try (Statement statement = second.statement();
        ResultSet row = statement.executeQuery(OLD.formatted(own, xid))) {
      while (row.next()) {
        old.add(
            "process " + row.getInt(1) + " (" + row.getString(2) + ", " + row.getString(3) + ")");
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
