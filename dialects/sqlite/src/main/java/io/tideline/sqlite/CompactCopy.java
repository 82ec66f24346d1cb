package io.tideline.sqlite;

import io.tideline.dialect.ReclaimTask;
import io.tideline.policy.Pace;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * The compact copy, with the live database attached to read from. Each method that follows the
 * changes is one transaction, in which the live database is seen at one moment; what it takes over
 * it compares.
 */
final class CompactCopy implements AutoCloseable {
  private static final List<String> STATISTICS =
      List.of("sqlite_stat1", "sqlite_stat3", "sqlite_stat4");
  private static final List<String> PRAGMAS =
      List.of("user_version", "application_id", "default_cache_size");

  private final Session session;
  private final ReclaimTask task;
  private final ChangeCapture.Captured captured;
  private final Path live;
  private final CopySchema schema;
  private final CopyRows rows;
  private boolean held;

  private CompactCopy(
      Session session, ReclaimTask task, ChangeCapture.Captured captured, Path live) {
    this.session = session;
    this.task = task;
    this.captured = captured;
    this.live = live;
    this.schema = new CopySchema(session);
    this.rows = new CopyRows(session, captured, live);
  }

  /**
   * Opens a copy as {@code VACUUM INTO} made it. Nothing of it need be durable: if this process
   * ends, it is worthless.
   */
  static CompactCopy open(
      Path copy, DatabaseFile live, ReclaimTask task, ChangeCapture.Captured captured)
      throws SQLException {
    Session session = Session.openWriting(new DatabaseFile(copy, "", false), Pace.GENTLE);
    try {
      session.execute(
          "PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON; PRAGMA synchronous=OFF;"
              + " PRAGMA journal_mode=MEMORY");
      session.update(session.sql().add("ATTACH ").value(live.uri()).add(" AS live"));
      CompactCopy opened = new CompactCopy(session, task, captured, live.path());
      opened.prepare();
      return opened;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** No trigger of the user's may fire here, and no commit give pages back before the last one. */
  private void prepare() throws SQLException {
    if (autoVacuum("main") == FileState.FULL) {
      session.execute("PRAGMA main.auto_vacuum=" + FileState.INCREMENTAL);
    }
    transaction(
        () -> {
          requireNoOtherSchema();
          requireSameSchema();
          schema.removeTriggers();
          rows.begin();
          return 0;
        });
  }

  /** Its file. */
  Path path() {
    return session.file().path();
  }

  /** Takes over what changed since the last time. @return how many changes that were */
  long follow() throws SQLException {
    return transaction(rows::follow);
  }

  /** Takes over what changed, and compares every row of every table. */
  void followAndCompareAll() throws SQLException {
    transaction(
        () -> {
          long changes = rows.follow();
          rows.compareAll();
          return changes;
        });
  }

  /**
   * Takes over what changed, and compares where something may have changed unseen, so that little
   * of that is left for the lock.
   */
  void followAndCompareDoubtful() throws SQLException {
    transaction(
        () -> {
          long changes = rows.follow();
          rows.compareDoubtful();
          return changes;
        });
  }

  /**
   * Keeps the copy as it is, so that no page of it comes or goes, until {@link #release}.
   *
   * @return how many pages it has
   */
  long hold() throws SQLException {
    if (autoVacuum("main") != FileState.NONE) {
      session.execute("PRAGMA main.incremental_vacuum");
    }
    session.execute("BEGIN");
    held = true;
    return number("PRAGMA main.page_count");
  }

  /** Ends {@link #hold}; nothing if it has ended. */
  void release() throws SQLException {
    if (held) {
      held = false;
      session.execute("ROLLBACK");
    }
  }

  /** Takes over the last changes, while nobody else may write, and makes it what goes home. */
  void finish() throws SQLException {
    transaction(
        () -> {
          requireNoOtherSchema();
          long changes = rows.follow();
          rows.requireNothingUnseen();
          takeOver("sqlite_sequence");
          for (String table : STATISTICS) {
            takeOver(table);
          }
          for (String pragma : PRAGMAS) {
            takePragmaOver(pragma);
          }
          int wanted = task.toIncremental() ? FileState.INCREMENTAL : autoVacuum("live");
          if (wanted != autoVacuum("main")) {
            session.execute("PRAGMA main.auto_vacuum=" + wanted);
          }
          schema.takeTriggersOver();
          requireSameSchema();
          return changes;
        });
  }

  /** Keeps everybody else out of the copy, so that nobody can go on reading it. */
  void lock() throws SQLException {
    held = false;
    try {
      session.execute("ROLLBACK");
    } catch (SQLException e) {
      // There is no transaction, as there should be none.
    }
    session.execute("DETACH live");
    session.execute("BEGIN EXCLUSIVE");
  }

  private void requireNoOtherSchema() throws SQLException {
    if (!schema.liveVersion().equals(captured.schema())
        || schema.oursInLive() != captured.objects()) {
      throw Compaction.discarded(live, "somebody changed the schema meanwhile");
    }
  }

  /** The version does not tell of what somebody wrote into the schema itself. */
  private void requireSameSchema() throws SQLException {
    String different = schema.different();
    if (!different.isEmpty()) {
      throw Compaction.discarded(
          live, "the definition of " + different + " is not in it as it should be");
    }
  }

  private interface Work {
    long run() throws SQLException;
  }

  /** IMMEDIATE would lock the live database too. */
  private long transaction(Work work) throws SQLException {
    long[] result = new long[1];
    session.execute("BEGIN");
    try {
      Interruptible.run(session, task, () -> result[0] = work.run());
      session.execute("COMMIT");
      return result[0];
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

  private void takeOver(String table) throws SQLException {
    String there = "SELECT 1 FROM %s.sqlite_schema WHERE name = '" + table + "'";
    if (session.strings(there.formatted("main")).isEmpty()
        || session.strings(there.formatted("live")).isEmpty()) {
      return;
    }
    session.execute("DELETE FROM main." + table);
    session.execute("INSERT INTO main." + table + " SELECT * FROM live." + table);
    if (STATISTICS.contains(table)) {
      session.execute("DELETE FROM main." + table + " WHERE tbl = '" + ChangeCapture.LOG + "'");
    }
  }

  private void takePragmaOver(String pragma) throws SQLException {
    long value = number("PRAGMA live." + pragma);
    if (value != number("PRAGMA main." + pragma)) {
      session.execute("PRAGMA main." + pragma + "=" + value);
    }
  }

  private int autoVacuum(String schema) throws SQLException {
    return (int) number("PRAGMA " + schema + ".auto_vacuum");
  }

  private long number(String sql) throws SQLException {
    return Long.parseLong(session.strings(sql).get(0)[0]);
  }

  @Override
  public void close() {
    session.close();
  }
}
