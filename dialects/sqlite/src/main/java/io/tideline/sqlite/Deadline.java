package io.tideline.sqlite;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.core.DB;

/**
 * Interrupts what a connection does when its time is over or somebody wants it to end. One thread
 * watches all of a connection's statements, so that a short one costs no thread of its own.
 */
final class Deadline implements AutoCloseable {
  private static final long LOOK_NANOS = 20_000_000;

  private final DB db;
  private final long limit;
  private final Thread watch;
  private long begun;
  private boolean running;
  private boolean late;
  private boolean cancelled;
  private volatile boolean closed;

  Deadline(DB db, Duration limit) {
    this.db = db;
    this.limit = limit.toNanos();
    watch = new Thread(this::watch, "tideline-deadline");
    watch.setDaemon(true);
    watch.start();
  }

  /** A statement begins; true if it may. */
  synchronized boolean begin() {
    begun = System.nanoTime();
    running = !cancelled;
    late = false;
    return running;
  }

  /** It ended: no interruption hits the next one. */
  synchronized void end() {
    running = false;
  }

  /** Whether the last statement was ended because its time was over. */
  synchronized boolean late() {
    return late;
  }

  /** Ends the statement, and every later one. */
  synchronized void cancel() {
    cancelled = true;
    interrupt();
  }

  private void watch() {
    while (!closed) {
      LockSupport.parkNanos(LOOK_NANOS);
      look();
    }
  }

  private synchronized void look() {
    if (running && System.nanoTime() - begun > limit) {
      late = true;
      interrupt();
    }
  }

  private void interrupt() {
    if (running && !closed) {
      try {
        db.interrupt();
      } catch (SQLException e) {
        throw new IllegalStateException("Cannot interrupt a query", e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(watch);
    try {
      watch.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
