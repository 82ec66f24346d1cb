package io.tideline.postgresql;

import io.tideline.dialect.ReclaimTask;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;

/** Runs a long statement, which the server cancels when somebody wants the task to end. */
final class Cancellable {
  private static final long LOOK_NANOS = 100_000_000;

  private final Session session;
  private final ReclaimTask task;
  private volatile boolean working;

  Cancellable(Session session, ReclaimTask task) {
    this.session = session;
    this.task = task;
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = session.statement()) {
      Thread watch = new Thread(() -> watch(statement), "tideline-cancel");
      watch.setDaemon(true);
      working = true;
      watch.start();
      try {
        statement.execute(sql);
      } finally {
        working = false;
        LockSupport.unpark(watch);
        join(watch);
      }
    }
  }

  private static void join(Thread watch) {
    try {
      watch.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch(Statement statement) {
    while (working) {
      if (task.stopping().getAsBoolean()) {
        try {
          statement.cancel();
        } catch (SQLException e) {
          return; // it ends by itself
        }
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
