package io.tideline.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds the moment at which another writer is least likely to want the lock: just after it has
 * committed. A request, a timer or a queue does its next write a while later, and whoever finds the
 * file locked sleeps. Needs a write-ahead log, where looking locks nobody out.
 *
 * @see <a href="https://sqlite.org/pragma.html#pragma_data_version">PRAGMA data_version</a>
 */
final class Gap {
  /** Longer than the sleep in which a writer gets the lock that it missed. */
  private static final long LONGEST = 11_000_000;

  private static final long BETWEEN_LOOKS = 200_000;
  private static final String VERSION = "PRAGMA main.data_version";

  private final Session session;

  Gap(Session session) {
    this.session = session;
  }

  /**
   * Waits until another connection commits, or not for long.
   *
   * @return whether one did
   */
  boolean await() throws SQLException {
    long until = System.nanoTime() + LONGEST;
    long before = version();
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(BETWEEN_LOOKS);
      if (version() != before) {
        return true;
      }
    }
    return false;
  }

  /** Changes with each commit of another connection, never with one of ours. */
  private long version() throws SQLException {
    PreparedStatement statement = session.prepare(VERSION);
    try (ResultSet row = statement.executeQuery()) {
      return row.getLong(1);
    } catch (SQLException e) {
      session.forget(VERSION);
      throw e;
    }
  }
}
