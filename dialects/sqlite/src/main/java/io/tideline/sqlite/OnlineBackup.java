package io.tideline.sqlite;

import io.tideline.dialect.BackupTask;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.core.DB;

/**
 * Copies a database by the online backup API. With a write-ahead log the reading connection holds a
 * snapshot: without one every commit of another process begins the copy anew. With a rollback
 * journal a snapshot would hold off commits for as long as the rests last, so that all is copied in
 * one step.
 *
 * @see <a href="https://sqlite.org/backup.html">The online backup API</a>
 */
final class OnlineBackup {
  /** A megabyte of usual pages: some milliseconds of work. */
  private static final int STEP = 256;

  private static final int ALL = -1;

  /** What others wait for is the disk: never is more than this left for one flush at the end. */
  private static final long FLUSH = 4L << 20;

  private static final int BUSY_PAUSE_MILLIS = 100;
  private static final int BUSY_TRIES = 50;
  private static final int TIMES = 2;
  private static final Duration SHORTEST_REST = Duration.ofMillis(2);
  private static final Duration LONGEST_REST = Duration.ofMillis(100);

  private final Session session;
  private final BackupTask task;

  private OnlineBackup(Session session, BackupTask task) {
    this.session = session;
    this.task = task;
  }

  /** Copies the database that a file holds. */
  static void make(DatabaseFile file, BackupTask task) {
    String what = "Cannot back up " + file.path() + " to " + task.file();
    try (Session session = Session.openReading(file);
        FileChannel target = FileChannel.open(task.file(), StandardOpenOption.WRITE)) {
      new OnlineBackup(session, task).copy(what, target);
      if (!task.stopping().getAsBoolean()) {
        removeCapture(task.file().toRealPath());
      }
    } catch (SQLException e) {
      throw Failures.reading(what, e);
    } catch (IOException e) {
      throw new TidelineException(
          ErrorCode.BACKUP_IMPOSSIBLE,
          what + ": " + e.getMessage() + ".",
          "Nothing was changed.",
          "Mend the folder and run the same command again.",
          e);
    }
    if (task.stopping().getAsBoolean()) {
      throw new TidelineException(
          ErrorCode.INTERRUPTED,
          what + ": it was told to stop.",
          "No backup was made; the database is unchanged.",
          "Run the same command again.");
    }
  }

  /**
   * A compaction that goes on, or was killed, is in what was copied: its triggers would write to
   * their log for ever in a database that is restored.
   */
  private static void removeCapture(Path copy) throws SQLException {
    try (Session session = Session.openReading(new DatabaseFile(copy, "it is a backup", true))) {
      if (new Leftovers(session).found().isEmpty()) {
        return;
      }
    }
    try (Session session = Session.openWriting(new DatabaseFile(copy, "", false), Pace.OFFLINE)) {
      new Leftovers(session).remove();
    }
  }

  private void copy(String what, FileChannel target) throws SQLException {
    boolean log = session.pragma("journal_mode").equals("wal");
    if (log) {
      session.execute("BEGIN; SELECT count(*) FROM main.sqlite_schema");
    }
    Observer observer = new Observer(Long.parseLong(session.pragma("page_size")), target);
    int code =
        session
            .db()
            .backup(
                "main",
                task.file().toString(),
                observer,
                BUSY_PAUSE_MILLIS,
                BUSY_TRIES,
                log ? STEP : ALL);
    if (!observer.ended) {
      // The driver may give OK where a step found a lock: only its last call tells that all is
      // done.
      SQLiteErrorCode error =
          code == SQLiteErrorCode.SQLITE_OK.code
              ? SQLiteErrorCode.SQLITE_BUSY
              : SQLiteErrorCode.getErrorCode(code);
      throw Failures.reading(what, new SQLiteException(error.message, error));
    }
  }

  /** Rests twice as long as each step took, and lets the disk keep up. */
  private final class Observer implements DB.ProgressObserver {
    private final long pageSize;
    private final FileChannel target;
    private boolean ended;
    private long flushed;
    private long since = System.nanoTime();

    Observer(long pageSize, FileChannel target) {
      this.pageSize = pageSize;
      this.target = target;
    }

    @Override
    public void progress(int remaining, int pages) {
      long done = (pages - remaining) * pageSize;
      ended = remaining == 0;
      task.listener().at("copying", done, pages * pageSize);
      if (task.stopping().getAsBoolean()) {
        return; // the driver cannot be told to end: without rests it soon does
      }
      if (done - flushed >= FLUSH) {
        flush();
        flushed = done;
      }
      long worked = System.nanoTime() - since;
      LockSupport.parkNanos(
          Math.max(SHORTEST_REST.toNanos(), Math.min(TIMES * worked, LONGEST_REST.toNanos())));
      since = System.nanoTime();
    }

    /** Nothing depends on it: SQLite syncs the file at its end, and reports what fails. */
    private void flush() {
      try {
        target.force(false);
      } catch (IOException e) {
        return;
      }
    }
  }
}
