package io.tideline.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Records what a SQLite says of the queries of the folder {@code plans}, see its README. It stands
 * alone, so that any release of the driver can be put before it.
 */
final class RecordPlans {
  private RecordPlans() {}

  /** Arguments: the folder with {@code schema.sql} and {@code queries.sql}. */
  public static void main(String[] args) throws IOException, SQLException {
    Path folder = Path.of(args[0]);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement()) {
      String version = first(statement, "SELECT sqlite_version()");
      statement.execute("PRAGMA foreign_keys=OFF");
      for (String sql : Files.readString(folder.resolve("schema.sql")).split(";\n")) {
        if (sql.contains("sqlite_stat1")) {
          statement.execute("ANALYZE");
          statement.execute("DELETE FROM sqlite_stat1");
        }
        statement.execute(sql);
      }
      statement.execute("ANALYZE sqlite_master");
      StringBuilder out = new StringBuilder();
      for (String query : Files.readString(folder.resolve("queries.sql")).split("(?m)^-- ")) {
        if (!query.isBlank()) {
          record(statement, query, out);
        }
      }
      Files.writeString(folder.resolve("sqlite-" + version + ".txt"), out.toString());
    }
  }

  private static void record(Statement statement, String query, StringBuilder out) {
    int end = query.indexOf('\n');
    out.append("-- ").append(query, 0, end).append('\n');
    try (ResultSet rows = statement.executeQuery("EXPLAIN QUERY PLAN " + query.substring(end))) {
      while (rows.next()) {
        out.append(rows.getString(1)).append('|').append(rows.getString(2));
        out.append('|').append(rows.getString(4)).append('\n');
      }
    } catch (SQLException e) {
      out.append("refused|").append(String.valueOf(e.getMessage()).replace('\n', ' ')).append('\n');
    }
  }

  private static String first(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
