package io.tideline.store.migrate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/** The file, over a connection of its own, in short transactions that wait for others. */
final class Store implements AutoCloseable {
  interface Work<T> {
    T on(Sql sql) throws SQLException;
  }

  private final Path file;
  private final SQLiteConnection connection;
  private final Sql sql;
  private final Duration patience;

  private Store(Path file, SQLiteConnection connection, Duration patience) {
    this.file = file;
    this.connection = connection;
    this.sql = new Sql(connection);
    this.patience = patience;
  }

  static Store open(Path file, Duration patience) {
    if (!Files.isRegularFile(file)) {
      throw new MigrationException(
          MigrationException.Reason.CANNOT_OPEN,
          "Cannot open " + file + ": there is no such file. Nothing was changed.",
          null);
    }
    try {
      SQLiteConfig config = new SQLiteConfig();
      config.setBusyTimeout(1_000);
      // What the schema's cascades would do is done by statements, whose counts are known.
      config.enforceForeignKeys(false);
      SQLiteConnection connection =
          (SQLiteConnection) config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
      Store store = new Store(file, connection, patience);
      try {
        store.sql.update("PRAGMA legacy_alter_table = OFF");
        store.sql.update("PRAGMA recursive_triggers = OFF");
        store.sql.update("CREATE TEMP TABLE wanted (id PRIMARY KEY) WITHOUT ROWID");
        store.sql.number("SELECT count(*) FROM main.sqlite_schema");
        return store;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new MigrationException(
          MigrationException.Reason.CANNOT_OPEN,
          "Cannot open " + file + " as a database of SQLite: " + e.getMessage(),
          e);
    }
  }

  /** Reads under one snapshot. */
  <T> T read(Work<T> work) {
    return tried("BEGIN", work);
  }

  /** Writes, while nobody else does. */
  <T> T write(Work<T> work) {
    return tried("BEGIN IMMEDIATE", work);
  }

  private <T> T tried(String begin, Work<T> work) {
    long started = System.nanoTime();
    while (true) {
      checkInterrupt();
      try {
        return transaction(begin, work);
      } catch (SQLException e) {
        int code = e.getErrorCode() & 0xff;
        boolean busy = code == 5 || code == 6;
        if (!busy) {
          throw failed(e);
        }
        if (System.nanoTime() - started > patience.toNanos()) {
          throw new MigrationException(
              MigrationException.Reason.BUSY,
              "Cannot go on with "
                  + file
                  + ": others have held its lock for "
                  + patience.toSeconds()
                  + " s. What was committed is noted, nothing is lost. Call it again.",
              e);
        }
      }
    }
  }

  private <T> T transaction(String begin, Work<T> work) throws SQLException {
    execute(begin);
    // Otherwise the driver begins one of its own before each statement.
    connection.getConnectionConfig().setAutoCommit(false);
    try {
      T result = work.on(sql);
      execute("COMMIT");
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      try {
        execute("ROLLBACK");
      } catch (SQLException other) {
        // After some errors SQLite has rolled back by itself.
        e.addSuppressed(other);
      }
      throw e;
    } finally {
      connection.getConnectionConfig().setAutoCommit(true);
    }
  }

  private void execute(String statement) throws SQLException {
    try (var each = ((Connection) connection).createStatement()) {
      each.execute(statement);
    }
  }

  private MigrationException failed(SQLException e) {
    return new MigrationException(
        MigrationException.Reason.FAILED,
        "Cannot go on with "
            + file
            + ": "
            + e.getMessage()
            + ". What was begun is rolled back, what was committed is noted, no row is lost. Mend"
            + " that, and call it again.",
        e);
  }

  void checkInterrupt() {
    if (Thread.interrupted()) {
      Thread.currentThread().interrupt();
      throw new MigrationException(
          MigrationException.Reason.INTERRUPTED,
          "Interrupted while it worked on "
              + file
              + ": what was committed is noted, no row is lost. Call it again to go on.",
          null);
    }
  }

  Path file() {
    return file;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
