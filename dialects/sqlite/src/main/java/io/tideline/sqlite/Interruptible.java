package io.tideline.sqlite;

import io.tideline.dialect.ReclaimTask;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/** Runs long statements that end, rolled back, when somebody wants the task to end. */
final class Interruptible {
  private static final long LOOK_NANOS = 100_000_000;

  private final Session session;
  private final ReclaimTask task;
  private volatile boolean working;

  private Interruptible(Session session, ReclaimTask task) {
    this.session = session;
    this.task = task;
  }

  /** A statement. */
  interface Work {
    void run() throws SQLException;
  }

  /** Runs it; SQLite's own failure is SQLITE_INTERRUPT if it was ended. */
  static void run(Session session, ReclaimTask task, Work work) throws SQLException {
    new Interruptible(session, task).run(work);
  }

  private void run(Work work) throws SQLException {
    Thread watch = new Thread(this::watch, "tideline-interrupt");
    watch.setDaemon(true);
    working = true;
    watch.start();
    try {
      work.run();
    } finally {
      end(watch);
    }
  }

  /** An interruption that came late must not hit the next statement. */
  private void end(Thread watch) {
    working = false;
    LockSupport.unpark(watch);
    try {
      watch.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    while (working) {
      if (task.stopping().getAsBoolean()) {
        try {
          session.db().interrupt();
        } catch (SQLException e) {
          throw new IllegalStateException("Cannot interrupt a statement", e);
        }
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
