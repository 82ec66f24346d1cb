package io.tideline.sqlite;

import io.tideline.policy.Pace;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/** One connection to a database, with its prepared statements. Not thread-safe. */
final class Session implements AutoCloseable {
  static final int BUSY_SECONDS = 5;

  /** Kilobytes; no more is taken than pages are touched. */
  private static final int CACHE = 64 << 10;

  private static final int CACHE_OFFLINE = 256 << 10;

  /** As many statements stay prepared; a run uses a few dozen. */
  private static final int PREPARED = 64;

  private final SQLiteConnection connection;
  private final DB db;
  private final DatabaseFile file;
  private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(32, 0.75f, true);
  private final TemporaryTables temporary;
  private Encoding encoding = Encoding.UTF8;

  private Session(SQLiteConnection connection, DatabaseFile file, boolean reads) {
    this.connection = connection;
    this.db = connection.getDatabase();
    this.file = file;
    this.temporary = new TemporaryTables(this, reads);
  }

  /**
   * Opens a connection that may only read. It looks at foreign keys so that SQLite tells, when a
   * DELETE is prepared, whether they would let it work.
   */
  static Session openReading(DatabaseFile file) throws SQLException {
    return open(file, true, "PRAGMA query_only=ON; PRAGMA foreign_keys=ON");
  }

  /**
   * Opens a connection that writes. {@code wal_autocheckpoint} is ours alone: a checkpoint inside a
   * commit would make it long. The cache holds what a transaction changes, where SQLite's 2 MB
   * would spill into the log before the commit, and every page that is changed again once more.
   * {@code fullfsync} matters on macOS only.
   */
  static Session openWriting(DatabaseFile file, Pace pace) throws SQLException {
    return open(
        file,
        false,
        "PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-"
            + (pace.offline() ? CACHE_OFFLINE : CACHE)
            + "; PRAGMA fullfsync=ON; PRAGMA checkpoint_fullfsync=ON");
  }

  /**
   * Opens a connection that SQLite itself keeps from writing, whatever it is told.
   *
   * @see <a href="https://sqlite.org/c3ref/open.html">SQLITE_OPEN_READONLY</a>
   */
  static Session openGuarded(DatabaseFile file) throws SQLException {
    return open(file, true, true, "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF");
  }

  private static Session open(DatabaseFile file, boolean reads, String settings)
      throws SQLException {
    return open(file, reads, !file.readOnly().isEmpty(), settings);
  }

  private static Session open(DatabaseFile file, boolean reads, boolean readOnly, String settings)
      throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setOpenMode(SQLiteOpenMode.OPEN_URI);
    config.setOpenMode(SQLiteOpenMode.NOMUTEX);
    config.setReadOnly(readOnly);
    config.setBusyTimeout(BUSY_SECONDS * 1000);
    config.setGetGeneratedKeys(false);
    SQLiteConnection connection =
        (SQLiteConnection)
            config.createConnection("jdbc:sqlite:" + (readOnly ? file.uriToRead() : file.uri()));
    Session session = new Session(connection, file, reads);
    try {
      session.db._exec(settings);
      // The first look at the file: a header, a lock or a schema that SQLite refuses shows here.
      session.execute("SELECT count(*) FROM main.sqlite_schema");
      session.encoding = Encoding.of(session.pragma("encoding"));
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  DatabaseFile file() {
    return file;
  }

  Encoding encoding() {
    return encoding;
  }

  DB db() {
    return db;
  }

  /** Its temporary tables. */
  TemporaryTables temporary() {
    return temporary;
  }

  /** A statement in the making for this database. */
  Sql sql() {
    return new Sql(encoding);
  }

  /** Runs statements that return nothing of interest. */
  void execute(String statements) throws SQLException {
    db._exec(statements);
  }

  /** The value of a pragma that returns one. */
  String pragma(String name) throws SQLException {
    List<String[]> rows = strings("PRAGMA main." + name);
    return rows.isEmpty() ? "" : String.valueOf(rows.get(0)[0]);
  }

  /** The rows of a small query, as the driver's text; parameters are text. */
  List<String[]> strings(String text, String... parameters) throws SQLException {
    Sql sql = sql().add(text);
    sql.values().addAll(List.of(parameters));
    return strings(sql);
  }

  /** The rows of a small query, as the driver's text. */
  List<String[]> strings(Sql sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
      bind(statement, sql);
      try (ResultSet result = statement.executeQuery()) {
        int width = result.getMetaData().getColumnCount();
        List<String[]> rows = new ArrayList<>();
        while (result.next()) {
          String[] row = new String[width];
          for (int i = 0; i < width; i++) {
            row[i] = result.getString(i + 1);
          }
          rows.add(row);
        }
        return rows;
      }
    }
  }

  /** Whether a query gives any row; it is interrupted after a time. */
  boolean any(String what, String sql, Duration timeout) {
    try (Alarm alarm = new Alarm(db, timeout);
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      return rows.next();
    } catch (SQLException e) {
      throw Failures.reading(what, e);
    }
  }

  /** Sets the size of the largest value that may be read. @return what it was */
  int lengthLimit(int bytes) {
    try {
      return db.limit(SQLiteLimits.SQLITE_LIMIT_LENGTH.getId(), bytes);
    } catch (SQLException e) {
      throw Failures.reading("Cannot limit what is read of " + file.path(), e);
    }
  }

  /** Asks several questions of one state of the database. */
  <T> T snapshot(String what, Supplier<T> questions) {
    try {
      execute("BEGIN");
      T answer;
      try {
        answer = questions.get();
      } catch (RuntimeException e) {
        endAfter(e);
        throw e;
      }
      execute("ROLLBACK");
      return answer;
    } catch (SQLException e) {
      throw Failures.reading(what, e);
    }
  }

  /** Ends the snapshot after a failure, which may have ended it already. */
  private void endAfter(RuntimeException failure) {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /** Checks that SQLite accepts a statement, without running it. */
  void prepareOnly(Sql sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
      statement.getMetaData();
    }
  }

  /** Gives every row of a query to the sink until it wants no more. */
  long query(String what, Sql sql, RowSink sink) {
    return query(what, sql, sink, Failures::reading);
  }

  /** As {@link #query}, of a statement that writes. */
  long write(String what, Sql sql, RowSink sink) {
    return query(what, sql, sink, Failures::writing);
  }

  private long query(
      String what,
      Sql sql,
      RowSink sink,
      BiFunction<String, SQLException, ? extends RuntimeException> failure) {
    try {
      PreparedStatement statement = prepare(sql);
      try (ResultSet result = statement.executeQuery()) {
        if (!result.next()) {
          return 0;
        }
        Row row = new Row(sql.width());
        return ((CoreStatement) statement)
            .pointer.safeRunLong(
                (core, pointer) -> RowReader.drain(encoding, core, pointer, row, sink));
      }
    } catch (SQLException e) {
      forget(sql.text());
      throw failure.apply(what, e);
    }
  }

  /** Runs a statement that writes. @return the rows it changed itself, triggers left out */
  long update(String what, Sql sql) {
    try {
      return update(sql);
    } catch (SQLException e) {
      throw Failures.writing(what, e);
    }
  }

  /** As the other. */
  long update(Sql sql) throws SQLException {
    try {
      return prepare(sql).executeLargeUpdate();
    } catch (SQLException e) {
      forget(sql.text());
      throw e;
    }
  }

  /** The single integer of a query. */
  long number(String what, Sql sql) {
    long[] value = new long[1];
    query(
        what,
        sql,
        row -> {
          value[0] = row.integer(0);
          return false;
        });
    return value[0];
  }

  /** Adds a function to the SQL of this connection. */
  void define(String name, Function function) throws SQLException {
    Function.create(connection, name, function);
  }

  /** Calls a handler for each step of every program that this connection runs. */
  StepCount countSteps(ProgressHandler handler) throws SQLException {
    ProgressHandler.setHandler(connection, 1, handler);
    return () -> ProgressHandler.clearHandler(connection);
  }

  /** Ends the calls. */
  interface StepCount extends AutoCloseable {
    @Override
    void close() throws SQLException;
  }

  /** A statement of the caller's own, who closes it. */
  PreparedStatement prepareOwn(String text) throws SQLException {
    return connection.prepareStatement(text);
  }

  /** The statement of a text, prepared once; the caller binds every value. */
  PreparedStatement prepare(String text) throws SQLException {
    PreparedStatement known = prepared.get(text);
    if (known != null) {
      return known;
    }
    PreparedStatement statement = connection.prepareStatement(text);
    prepared.put(text, statement);
    if (prepared.size() > PREPARED) {
      Iterator<PreparedStatement> eldest = prepared.values().iterator();
      eldest.next().close();
      eldest.remove();
    }
    return statement;
  }

  private PreparedStatement prepare(Sql sql) throws SQLException {
    PreparedStatement statement = prepare(sql.text());
    bind(statement, sql);
    return statement;
  }

  private static void bind(PreparedStatement statement, Sql sql) throws SQLException {
    List<@Nullable Object> values = sql.values();
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }

  /** Closes a statement that failed: the driver may have finalised it already. */
  void forget(String text) {
    PreparedStatement failed = prepared.remove(text);
    if (failed != null) {
      try {
        failed.close();
      } catch (SQLException e) {
        // The failure that brought us here is the one to tell.
      }
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw Failures.reading("Cannot close the database " + file.path(), e);
    }
  }
}
