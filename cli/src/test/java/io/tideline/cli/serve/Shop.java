package io.tideline.cli.serve;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/** A small database with a row for every hour. */
final class Shop {
  private final String url;

  private Shop(Path file) {
    this.url = "jdbc:sqlite:" + file;
  }

  static Shop at(Path file) {
    return new Shop(file);
  }

  /** Makes tables with a row an hour between two instants. */
  Shop with(Instant from, Instant to, String... tables) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous=OFF");
      for (String table : tables) {
        statement.execute(
            "CREATE TABLE " + table + "(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, note TEXT)");
        statement.execute(
            """
            WITH RECURSIVE hours(at) AS (
              SELECT %d UNION ALL SELECT at + 3600 FROM hours WHERE at + 3600 < %d)
            INSERT INTO %s(at, note) SELECT at, 'note ' || at FROM hours
            """
                .formatted(from.getEpochSecond(), to.getEpochSecond(), table));
      }
    }
    return this;
  }

  long count(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
