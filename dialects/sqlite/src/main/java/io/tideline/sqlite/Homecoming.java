package io.tideline.sqlite;

import io.tideline.dialect.ReclaimTask;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.core.DB;

/**
 * One attempt to write a compact copy into the live file, by the online backup API: its first step
 * takes the write lock, and before its second the copy takes over the last changes.
 *
 * @see <a href="https://sqlite.org/c3ref/backup_finish.html">The online backup API</a>
 */
final class Homecoming implements DB.ProgressObserver {
  private static final long STEP = 500;

  private final Session session;
  private final ReclaimTask task;
  private final CompactCopy copy;
  private boolean begun;
  private boolean home;
  private @Nullable Throwable failure;

  Homecoming(Session session, ReclaimTask task, CompactCopy copy) {
    this.session = session;
    this.task = task;
    this.copy = copy;
  }

  /** Whether the write lock was had. */
  boolean begun() {
    return begun;
  }

  /**
   * Tries.
   *
   * @param last whether a lock that is not had is a failure
   * @return whether the copy is home; false if others held the lock
   * @throws SQLException if it failed: the live file is what it was
   */
  boolean tried(boolean last) throws SQLException {
    SQLiteErrorCode error = restore();
    rethrow();
    if (home || !begun && !last) {
      return home;
    }
    throw new SQLiteException(error.message, error);
  }

  /**
   * A first step that copied all would commit before the last changes are in the copy: it is at
   * most half of what the copy has, and the copy keeps its pages until then.
   */
  private SQLiteErrorCode restore() throws SQLException {
    try {
      long pages = copy.hold();
      if (pages < 2) {
        throw Compaction.impossible(session.file(), "There is nothing to compact.");
      }
      int step = (int) Math.min(STEP, pages / 2);
      int code = session.db().restore("main", copy.path().toString(), this, 0, 0, step);
      // The driver may give OK where a step found a lock: only its last call tells that all is
      // done.
      return code == SQLiteErrorCode.SQLITE_OK.code
          ? SQLiteErrorCode.SQLITE_BUSY
          : SQLiteErrorCode.getErrorCode(code);
    } finally {
      copy.release();
    }
  }

  /** Nothing may be thrown into the driver's native loop, which would go on with it. */
  @Override
  public void progress(int remaining, int pages) {
    home |= begun && failure == null && remaining == 0;
    if (failure != null || home) {
      return;
    }
    try {
      if (begun) {
        task.listener().stepped("compaction-coming-home");
      } else {
        begun = true;
        requireTime(remaining, copy.path());
        task.listener().stepped("compaction-locked");
        copy.release();
        copy.finish();
        task.listener().stepped("compaction-finished");
      }
    } catch (Throwable e) {
      failure = e;
      giveUp(e);
    }
  }

  /** Cannot be, as the copy is held; if it were, nobody may be told that nothing happened. */
  private void requireTime(int remaining, Path path) {
    if (remaining == 0) {
      throw new TidelineException(
          ErrorCode.DEFECT,
          "The compact copy " + path + " came home by its first step, before it was finished.",
          "The database is what it was some seconds ago: it lacks its triggers and what was"
              + " committed since.",
          "Restore it from a backup, and report this.");
    }
  }

  private void rethrow() throws SQLException {
    if (failure instanceof SQLException sql) {
      throw sql;
    }
    if (failure instanceof RuntimeException known) {
      throw known;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }

  /** The next step cannot read the copy then, and the backup is rolled back. */
  private void giveUp(Throwable reason) {
    try {
      copy.lock();
    } catch (SQLException e) {
      reason.addSuppressed(e);
      Runtime.getRuntime().halt(ExitCode.DEFECT.number()); // rather than send a wrong copy home
    }
  }
}
