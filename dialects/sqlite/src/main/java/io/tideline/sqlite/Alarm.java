package io.tideline.sqlite;

import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.core.DB;

/**
 * Interrupts what a connection does when it takes too long. Once closed it interrupts nothing: an
 * interruption that came late would hit the next statement.
 */
final class Alarm implements AutoCloseable {
  private final Thread guard;

  Alarm(DB db, Duration timeout) {
    guard = new Thread(() -> ring(db, timeout), "tideline-timeout");
    guard.setDaemon(true);
    guard.start();
  }

  private static void ring(DB db, Duration timeout) {
    try {
      Thread.sleep(timeout.toMillis());
      db.interrupt();
    } catch (InterruptedException e) {
      return; // there was an answer in time
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot interrupt a query", e);
    }
  }

  @Override
  public void close() {
    guard.interrupt();
    try {
      guard.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
