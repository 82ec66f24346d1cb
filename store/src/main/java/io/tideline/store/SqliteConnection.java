package io.tideline.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;

/** One connection to a file, and its session. */
final class SqliteConnection {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteConnection.class);

  private final SQLiteConnection connection;
  private final Session session;

  private SqliteConnection(SQLiteConnection connection, int statements) {
    this.connection = connection;
    this.session = new Session(connection, new CachedStatements(connection, statements));
  }

  static SqliteConnection writer(Path file, SqliteSettings settings) throws SQLException {
    SqliteConnection opened = open(file, settings);
    try {
      String mode = opened.text("PRAGMA journal_mode = WAL");
      if (!mode.equals("wal")) {
        throw new SQLException("The journal mode stays " + mode);
      }
      return opened;
    } catch (SQLException e) {
      opened.close();
      throw e;
    }
  }

  static SqliteConnection reader(Path file, SqliteSettings settings) throws SQLException {
    SqliteConnection opened = open(file, settings);
    try {
      opened.execute("PRAGMA query_only = ON");
      return opened;
    } catch (SQLException e) {
      opened.close();
      throw e;
    }
  }

  private static SqliteConnection open(Path file, SqliteSettings settings) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) Math.min(settings.busyTimeout().toMillis(), Integer.MAX_VALUE));
    config.setCacheSize(-1_024 * settings.pageCacheMib());
    config.enforceForeignKeys(settings.foreignKeys());
    config.setSynchronous(SQLiteConfig.SynchronousMode.valueOf(settings.synchronous().name()));
    SQLiteConnection connection =
        (SQLiteConnection) config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    return new SqliteConnection(connection, settings.statements());
  }

  Session session() {
    return session;
  }

  <T> T transaction(Work<T> work) throws SQLException {
    execute("BEGIN IMMEDIATE");
    // Otherwise the driver tries to begin one of its own before each statement.
    connection.getConnectionConfig().setAutoCommit(false);
    try {
      T result = work.on(session);
      commit();
      return result;
    } catch (Throwable e) {
      // Also what other languages throw unchecked: nobody may be left to hold the lock.
      rollBack(e);
      throw e;
    } finally {
      connection.getConnectionConfig().setAutoCommit(true);
    }
  }

  private void commit() throws SQLException {
    try {
      execute("COMMIT");
    } catch (SQLException e) {
      if (mayStand(e)) {
        throw new CommitUnknownException(e);
      }
      throw e;
    }
  }

  /** SQLite answers these before it has written a commit record. */
  static boolean mayStand(SQLException e) {
    int code = e.getErrorCode() & 0xff;
    return code != SQLiteErrorCode.SQLITE_BUSY.code
        && code != SQLiteErrorCode.SQLITE_CONSTRAINT.code
        && code != SQLiteErrorCode.SQLITE_FULL.code;
  }

  private void rollBack(Throwable cause) {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      // After some errors SQLite has rolled back by itself, and says that there is nothing to do.
      cause.addSuppressed(e);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String text(String sql) throws SQLException {
    return session.first(sql, row -> row.getString(1)).orElse("");
  }

  void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("closing a connection", e);
    }
  }
}
