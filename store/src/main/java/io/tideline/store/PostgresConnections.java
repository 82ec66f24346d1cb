package io.tideline.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** A pool of connections to PostgreSQL. */
final class PostgresConnections implements Connections {
  private final HikariDataSource pool;

  PostgresConnections(HikariDataSource pool) {
    this.pool = pool;
  }

  @Override
  public <T> T read(Work<T> work) throws SQLException {
    try (Connection connection = acquire()) {
      return work.on(session(connection));
    }
  }

  @Override
  public <T> T write(Work<T> work) throws SQLException {
    Connection connection = acquire();
    try {
      connection.setAutoCommit(false);
      return transaction(connection, work);
    } finally {
      close(connection);
    }
  }

  /** A pool that is exhausted names no state; a server that is away does. */
  private Connection acquire() throws SQLException {
    try {
      return pool.getConnection();
    } catch (SQLTransientConnectionException e) {
      if (e.getSQLState() != null) {
        throw e;
      }
      throw Failures.busy(
          "Cannot use "
              + pool.getPoolName()
              + ": all "
              + pool.getMaximumPoolSize()
              + " connections are in use. Nothing was done. Allow more connections, or shorten what"
              + " they do.");
    }
  }

  private <T> T transaction(Connection connection, Work<T> work) throws SQLException {
    try {
      T result = work.on(session(connection));
      commit(connection);
      return result;
    } catch (Throwable e) {
      // Also what other languages throw unchecked: nobody may be left to hold the lock.
      rollBack(connection, e);
      throw e;
    }
  }

  private void commit(Connection connection) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException e) {
      if (PostgresProduct.mayStand(e)) {
        pool.evictConnection(connection);
        throw new CommitUnknownException(e);
      }
      throw e;
    }
  }

  private static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** What is committed stays so, whatever becomes of the connection: the pool looks after that. */
  private void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      pool.evictConnection(connection);
    }
  }

  private static Session session(Connection connection) {
    return new Session(connection, Statements.of(connection));
  }

  @Override
  public void close() {
    pool.close();
  }
}
