package io.tideline.examples;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A new database that is filled in one transaction, with its foreign keys checked. */
final class Store implements AutoCloseable {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final int BATCH = 1_000;

  private final Connection connection;
  private final boolean postgres;
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private @Nullable PreparedStatement open;
  private String openTable = "";
  private int pending;

  private Store(Connection connection, boolean postgres) {
    this.connection = connection;
    this.postgres = postgres;
  }

  /**
   * Opens a SQLite file that does not exist yet, or a PostgreSQL database.
   *
   * @param database a path, {@code sqlite:path} or {@code postgresql://user:password@host/name}
   */
  static Store open(String database) throws SQLException {
    return database.startsWith("postgresql://") ? postgres(database) : sqlite(database);
  }

  private static Store sqlite(String database) throws SQLException {
    Path file = Path.of(database.replaceFirst("^sqlite:", ""));
    if (Files.exists(file)) {
      throw new IllegalArgumentException("Cannot make " + file + ": it exists. Remove it first.");
    }
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA foreign_keys = ON");
    }
    connection.setAutoCommit(false);
    return new Store(connection, false);
  }

  private static Store postgres(String database) throws SQLException {
    URI uri = URI.create(database);
    Properties properties = new Properties();
    String[] user = String.valueOf(uri.getUserInfo()).split(":", 2);
    if (uri.getUserInfo() != null) {
      properties.setProperty("user", user[0]);
    }
    String password = user.length == 2 ? user[1] : System.getenv("PGPASSWORD");
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("stringtype", "unspecified"); // text becomes whatever the column is
    int port = uri.getPort() < 0 ? 5432 : uri.getPort();
    Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://" + uri.getHost() + ":" + port + uri.getPath(), properties);
    connection.setAutoCommit(false);
    return new Store(connection, true);
  }

  boolean isPostgres() {
    return postgres;
  }

  /** Runs the statements of a schema. */
  void script(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** Adds a row, the values in the order of the columns. */
  void insert(String table, @Nullable Object... values) throws SQLException {
    if (!table.equals(openTable)) {
      flush();
      String places = String.join(", ", Collections.nCopies(values.length, "?"));
      open = connection.prepareStatement("INSERT INTO " + table + " VALUES (" + places + ")");
      openTable = table;
    }
    PreparedStatement statement = current();
    bind(statement, values);
    statement.addBatch();
    counts.merge(table, 1L, Long::sum);
    if (++pending == BATCH) {
      statement.executeBatch();
      pending = 0;
    }
  }

  /** Runs a statement on what was added before. */
  void update(String sql, @Nullable Object... values) throws SQLException {
    flush();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      statement.executeUpdate();
    }
  }

  /** Runs a query for what it does. */
  void query(String sql) throws SQLException {
    flush();
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private PreparedStatement current() {
    if (open == null) {
      throw new IllegalStateException("No table is open");
    }
    return open;
  }

  private void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      statement.setObject(i + 1, value instanceof Instant time ? text(time) : value);
    }
  }

  /** A time as SQLAlchemy writes it; PostgreSQL is told that it is UTC. */
  private String text(Instant time) {
    return postgres ? MICROS.format(time) + "+00" : MICROS.format(time);
  }

  private void flush() throws SQLException {
    if (open != null) {
      try (PreparedStatement statement = open) {
        statement.executeBatch();
      }
      open = null;
      openTable = "";
      pending = 0;
    }
  }

  /** Makes everything durable; answers how many rows each table got. */
  Map<String, Long> commit() throws SQLException {
    flush();
    connection.commit();
    return Collections.unmodifiableMap(counts);
  }

  /** Adds all rows of a table of another database, column by column. */
  void copy(String table, Connection from) throws SQLException {
    String sql = "SELECT * FROM " + table + " ORDER BY 1";
    try (Statement statement = from.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      boolean[] truth = new boolean[columns];
      for (int i = 0; i < columns; i++) {
        truth[i] = rows.getMetaData().getColumnTypeName(i + 1).equals("BOOLEAN");
      }
      while (rows.next()) {
        @Nullable Object[] values = new @Nullable Object[columns];
        for (int i = 0; i < columns; i++) {
          Object value = rows.getObject(i + 1);
          values[i] = truth[i] && value != null ? (Object) rows.getBoolean(i + 1) : value;
        }
        insert(table, values);
      }
    }
  }

  /** What was not committed is taken back. */
  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
