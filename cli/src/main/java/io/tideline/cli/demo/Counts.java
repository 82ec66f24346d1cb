package io.tideline.cli.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The rows of the two tables that grow, counted by plain SQL.
 *
 * @param usage rows of {@code usage_history}
 * @param logs rows of {@code request_logs}
 */
public record Counts(long usage, long logs) {
  private static final String SQL =
      "SELECT (SELECT count(*) FROM usage_history), (SELECT count(*) FROM request_logs)";

  /** Counts the rows that are in the database now. */
  public static Counts in(Path store) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(SQL)) {
      result.next();
      return new Counts(result.getLong(1), result.getLong(2));
    }
  }

  /** Both together. */
  public Counts plus(Counts other) {
    return new Counts(usage + other.usage, logs + other.logs);
  }
}
