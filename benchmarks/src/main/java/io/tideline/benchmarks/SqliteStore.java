package io.tideline.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Makes SQLite databases, and does plainly through JDBC what Tideline does. */
final class SqliteStore {
  private static final int BATCH = 1_000;

  private SqliteStore() {}

  /** Makes a database with a write-ahead log, which is empty in the end. */
  static Path create(Path file, RequestTable table) throws IOException {
    Files.deleteIfExists(file);
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = OFF");
      statement.execute(RequestTable.SQLITE);
      insert(connection, table, 1, table.rows());
      for (String index : RequestTable.INDEXES) {
        statement.execute(index);
      }
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return file;
  }

  static Connection connect(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  /**
   * Inserts rows {@code from} to {@code to}, both inclusive, 1,000 at a time in one transaction.
   *
   * @return the seconds that the driver and the database took, without making the rows
   */
  static double insert(Connection connection, RequestTable table, int from, int to)
      throws SQLException {
    double seconds = 0;
    connection.setAutoCommit(false);
    try (PreparedStatement insert = connection.prepareStatement(RequestTable.INSERT)) {
      for (int first = from; first <= to; first += BATCH) {
        Object[][] rows = new Object[Math.min(BATCH, to - first + 1)][];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = table.row(first + i);
        }
        seconds +=
            Times.of(
                () -> {
                  for (Object[] row : rows) {
                    RequestTable.bind(insert, row);
                    insert.addBatch();
                  }
                  insert.executeBatch();
                });
      }
    }
    seconds += Times.of(connection::commit);
    connection.setAutoCommit(true);
    return seconds;
  }

  /** Reads every column of the first rows as what it is. @return something that depends on all */
  static long read(Path file, int rows) {
    long sum = 0;
    try (Connection connection = connect(file);
        PreparedStatement select =
            connection.prepareStatement("SELECT * FROM request_logs WHERE id <= ?")) {
      select.setInt(1, rows);
      try (ResultSet result = select.executeQuery()) {
        while (result.next()) {
          sum += result.getLong(1);
          for (int i = 2; i <= 6; i++) {
            sum += result.getString(i).length();
          }
          for (int i = 7; i <= 9; i++) {
            sum += result.getLong(i);
          }
          sum += (long) result.getDouble(10) + (long) result.getDouble(11);
          for (int i = 12; i <= 14; i++) {
            String text = result.getString(i);
            sum += text == null ? 0 : text.length();
          }
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return sum;
  }

  /** Deletes the expired rows in one statement, and empties the log. */
  static void delete(Path file, RequestTable table) throws SQLException {
    try (Connection connection = connect(file);
        Statement settings = connection.createStatement();
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM request_logs WHERE requested_at < ?")) {
      delete.setString(1, table.cutoff());
      if (delete.executeUpdate() != table.expired()) {
        throw new IllegalStateException("Another number of rows was deleted");
      }
      settings.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }

  static long count(Path file, String table) {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM " + table)) {
      return result.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
