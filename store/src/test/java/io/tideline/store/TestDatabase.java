package io.tideline.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Function;

/** A database of a test, reached by the library and behind its back. */
record TestDatabase(Kind kind, String url, Function<Duration, Database> opening) {
  /** For tests that meet a lock on purpose. */
  Database open() {
    return opening.apply(Duration.ofMillis(50));
  }

  /** For tests in which threads meet, on a machine that may be slow. */
  Database openPatient() {
    return opening.apply(Duration.ofSeconds(30));
  }

  void execute(String... statements) {
    Kind.execute(url, statements);
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  long count(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes the lock that keeps others from writing to a table; closing gives it back. */
  AutoCloseable lock(String table) throws SQLException {
    Connection connection = connect();
    try (Statement statement = connection.createStatement()) {
      if (kind == Kind.SQLITE) {
        statement.execute("BEGIN IMMEDIATE");
      } else {
        connection.setAutoCommit(false);
        statement.execute("LOCK TABLE " + table + " IN EXCLUSIVE MODE");
      }
    }
    return connection;
  }
}
