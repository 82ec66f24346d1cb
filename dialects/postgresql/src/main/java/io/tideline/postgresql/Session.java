package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.Item;
import io.tideline.postgresql.Failures.Attempt;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** A connection whose settings are ours, whatever database and role say. Not thread-safe. */
final class Session implements AutoCloseable {
  /** Messages that are read rather than cancelled. */
  private static final int DRAINED = 20_000;

  private final Connection connection;
  private final Charset charset;
  private final String role;
  private final String path;
  private final Map<String, Codec> described = new HashMap<>();
  private boolean joinsByIndex;

  Session(Connection connection, Charset charset, String role, String path) {
    this.connection = connection;
    this.charset = charset;
    this.role = role;
    this.path = path;
  }

  /** The connection beneath. */
  Connection connection() {
    return connection;
  }

  /** The role that logged in. */
  String role() {
    return role;
  }

  /** Whether the database keeps bytes of no encoding. */
  boolean raw() {
    return charset != StandardCharsets.UTF_8;
  }

  /** The bytes of a text as characters: of one byte each where {@link #raw()}. */
  String characters(byte[] text) {
    return new String(text, charset);
  }

  /** A description of what is tried, for a failure. */
  Attempt attempt(String what, @Nullable TableName table, String rights) {
    return new Attempt(what, table, rights, role);
  }

  /** Runs statements that return nothing. */
  void execute(String sql) throws SQLException {
    try (Statement statement = statement()) {
      statement.execute(sql);
    }
  }

  /** Runs a statement that changes rows. */
  long update(String sql) throws SQLException {
    try (Statement statement = statement()) {
      return statement.executeLargeUpdate(sql);
    }
  }

  /** The first value of the first row as text; empty if there is no row or no value. */
  String text(String sql) throws SQLException {
    try (Statement statement = statement()) {
      return text(statement, sql);
    }
  }

  static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      String text = rows.next() ? rows.getString(1) : null;
      return text == null ? "" : text;
    }
  }

  /** Whether a query of the user's gives any row; the server cancels it after a time. */
  boolean any(String sql, Duration timeout) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = statement()) {
      useLoginPath();
      statement.execute("SET LOCAL statement_timeout = " + timeout.toMillis());
      statement.setMaxRows(1);
      try (ResultSet rows = statement.executeQuery(sql)) {
        return rows.next();
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /** Lets the functions of triggers find, until the transaction ends, what they usually find. */
  void useLoginPath() throws SQLException {
    text("SELECT pg_catalog.set_config('search_path', " + Sql.string(path) + ", true)");
  }

  /**
   * Lets queries find, as long as the session lasts, what the login's own usually find.
   *
   * @param schema is looked in first
   */
  void useLoginPath(String schema) throws SQLException {
    String first = Sql.quote(schema);
    String all = schema.equals("public") ? path : path.isEmpty() ? first : first + ", " + path;
    text("SELECT pg_catalog.set_config('search_path', " + Sql.string(all) + ", false)");
  }

  /** Ends {@link #useLoginPath()}. */
  void useNoPath() throws SQLException {
    text("SELECT pg_catalog.set_config('search_path', '', true)");
  }

  /**
   * Whether keys are looked for in a table through its index, whatever the planner thinks: for some
   * thousand keys it would rather read a million rows, for every batch again
   * (https://www.postgresql.org/docs/current/runtime-config-query.html). Lasts until the
   * transaction ends, if there is one.
   */
  void joinByIndex(boolean wanted) throws SQLException {
    if (wanted != joinsByIndex) {
      String set = connection.getAutoCommit() ? "SET " : "SET LOCAL ";
      String value = wanted ? " = off; " : " = DEFAULT; ";
      execute(
          Stream.of("hashjoin", "mergejoin", "seqscan")
              .map(way -> set + "enable_" + way + value)
              .collect(Collectors.joining()));
      joinsByIndex = wanted;
    }
  }

  /** To be called when a transaction has ended. */
  void transactionEnded() {
    joinsByIndex = false;
  }

  /** The present fingerprint of a table, by a statement that the server plans only a few times. */
  String fingerprint(TableName table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Fingerprint.OF_TABLE)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.name());
      try (ResultSet rows = statement.executeQuery()) {
        String digest = rows.next() ? rows.getString(1) : null;
        return digest == null ? "" : digest;
      }
    }
  }

  /** A statement in which no sign is the driver's. */
  Statement statement() throws SQLException {
    Statement statement = connection.createStatement();
    statement.setEscapeProcessing(false);
    return statement;
  }

  /**
   * Reads a query's rows until the sink wants no more.
   *
   * @return the rows given to the sink; negative, by one, if the sink ended it before the last
   */
  long copyOut(String query, List<Codec> codecs, RowSink sink) throws SQLException {
    CopyOut copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (" + query + ") TO STDOUT (FORMAT BINARY)");
    boolean ended = false;
    try {
      BinaryRows rows = new BinaryRows(copy, codecs);
      Row row = new Row(codecs.size());
      long count = 0;
      while (rows.next(row)) {
        count++;
        if (!sink.accept(row)) {
          return ~count;
        }
      }
      ended = true;
      return count;
    } finally {
      if (!ended && copy.isActive()) {
        drain(copy);
      }
    }
  }

  /**
   * Reads what the server still sends; from much of it the server is asked to desist. (The driver's
   * own cancelCopy leaves messages unread.)
   */
  private void drain(CopyOut copy) {
    boolean cancelled = false;
    try {
      for (int messages = 0; copy.readFromCopy() != null; messages++) {
        if (messages == DRAINED) {
          connection.unwrap(PGConnection.class).cancelQuery();
          cancelled = true;
        }
      }
    } catch (SQLException e) {
      // The server says that it was cancelled, as asked; a lost connection shows at the next call.
      return;
    }
    if (cancelled) {
      awaitCancel();
    }
  }

  /** The server had ended before the request came, which must not hit the next statement. */
  private void awaitCancel() {
    try {
      execute("SELECT pg_catalog.pg_sleep(0.2)");
    } catch (SQLException e) {
      return;
    }
  }

  /** Begins to send rows. */
  CopyIn copyIn(String target) throws SQLException {
    return connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn("COPY " + target + " FROM STDIN (FORMAT TEXT, ENCODING " + encoding() + ")");
  }

  private String encoding() {
    return raw() ? "'LATIN1'" : "'UTF8'";
  }

  /**
   * How the values of an expression of the user's travel: by its type, if that is a usual one.
   *
   * @throws SQLException if the server refuses the expression
   */
  Codec describe(TableShape table, Item.OfSql item) throws SQLException {
    String sql = "SELECT (" + item.sql() + ") FROM " + table.from();
    Codec known = described.get(sql);
    if (known != null) {
      return known;
    }
    // The driver takes a lone question mark for a parameter.
    try (PreparedStatement statement =
        connection.prepareStatement(UserSql.doubleQuestionMarks(sql))) {
      statement.setEscapeProcessing(false);
      Codec codec = Codec.of("pg_catalog", statement.getMetaData().getColumnTypeName(1));
      described.put(sql, codec);
      return codec;
    }
  }

  /** Checks that the server accepts a query, without running it. */
  void check(String sql) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(UserSql.doubleQuestionMarks(sql))) {
      statement.setEscapeProcessing(false);
      statement.getMetaData();
    }
  }

  /** How long the server may say nothing before the connection counts as lost; zero is for ever. */
  void awaitAnswers(Duration longest) {
    try {
      connection.setNetworkTimeout(Runnable::run, (int) longest.toMillis());
    } catch (SQLException e) {
      return; // it is closed: the next call says so
    }
  }

  /** Whether the connection is closed on our side. */
  boolean closed() {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // The server ends the session with the socket; there is nothing left to lose.
      return;
    }
  }
}
