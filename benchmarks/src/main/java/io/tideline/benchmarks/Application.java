package io.tideline.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/**
 * An application in a process of its own: inserts a row every ten milliseconds, and reads the
 * newest rows of an account all the time. See {@link Lags}.
 */
public final class Application {
  private static final long EVERY = 10_000_000;

  /** Far above the keys of the table. */
  private static final int FIRST_KEY = 1_000_000_000;

  private final Path file;
  private final RequestTable table = new RequestTable(1, 0, Instant.now(), false);
  private final Lags lags = new Lags();

  private Application(Path file) {
    this.file = file;
  }

  /** Runs beside others until its input ends. */
  public static void main(String[] arguments) throws IOException {
    new Application(Path.of(arguments[0])).listen();
  }

  private void listen() throws IOException {
    Lags.start("writer", this::write);
    Lags.start("reader", this::read);
    lags.listen();
  }

  private Connection connect() throws SQLException {
    Connection connection = SqliteStore.connect(file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute("PRAGMA synchronous = NORMAL");
    }
    return connection;
  }

  private void write() throws SQLException {
    try (Connection connection = connect();
        PreparedStatement insert = connection.prepareStatement(RequestTable.INSERT)) {
      long due = System.nanoTime();
      for (int key = FIRST_KEY; ; key++) {
        Object[] row = table.row(1);
        row[0] = (long) key;
        LockSupport.parkNanos(due - System.nanoTime());
        try {
          RequestTable.bind(insert, row);
          insert.executeUpdate();
        } catch (SQLException e) {
          lags.failed();
        }
        lags.done(System.nanoTime() - due);
        due += EVERY;
      }
    }
  }

  private void read() throws SQLException {
    String sql =
        "SELECT * FROM request_logs WHERE account_id = ? ORDER BY requested_at DESC LIMIT 50";
    try (Connection connection = connect();
        PreparedStatement select = connection.prepareStatement(sql)) {
      while (true) {
        select.setObject(1, table.row(1)[1]);
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            rows.getLong(1);
          }
          lags.read();
        } catch (SQLException e) {
          lags.failed();
        }
        LockSupport.parkNanos(EVERY / 2);
      }
    }
  }
}
