package io.tideline.postgresql;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Scan;
import io.tideline.row.Row;
import io.tideline.row.RowSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own on a server that all tests share. */
final class Postgres implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;
  final Connection connection;
  final Database database;

  private static final class Server {
    static final EmbeddedPostgres INSTANCE = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("deadlock_timeout", "200ms")
            .setServerConfig("max_prepared_transactions", "5")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Makes a database by {@code WITH} options and statements, and opens it. */
  Postgres(String options, String... statements) throws SQLException {
    name = "db" + COUNT.incrementAndGet();
    try (Connection admin = DriverManager.getConnection(jdbc("postgres"), "postgres", "");
        Statement statement = admin.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " " + options);
    }
    connection = DriverManager.getConnection(jdbc(name), "postgres", "");
    execute(statements);
    database = open("postgres");
  }

  /** The server's major version: tests of newer syntax leave it out on older ones. */
  static int version() throws SQLException {
    try (Connection any = DriverManager.getConnection(jdbc("postgres"), "postgres", "")) {
      return any.getMetaData().getDatabaseMajorVersion();
    }
  }

  static int port() {
    return Server.INSTANCE.getPort();
  }

  static String jdbc(String name) {
    return "jdbc:postgresql://localhost:" + port() + "/" + name;
  }

  String name() {
    return name;
  }

  Database open(String user) {
    return new PostgresDialect().open(new DatabaseUrl(url(user)));
  }

  String url(String user) {
    return "postgresql://" + user + "@localhost:" + port() + "/" + name;
  }

  void execute(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** All rows as text, values separated by a bar. */
  List<String> query(String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          values.add(rows.getString(i));
        }
        found.add(String.join("|", values.stream().map(String::valueOf).toList()));
      }
    }
    return found;
  }

  Table table(String name) {
    return table("public", name);
  }

  Table table(String schema, String name) {
    return database.catalogue().table(new TableName(schema, name)).orElseThrow();
  }

  static List<String> archived(Table table) {
    return table.archivedColumns().stream().map(c -> c.name()).toList();
  }

  /** Every archived column of every row in key order. */
  static Scan all(Table table) {
    List<Item> items = archived(table).stream().<Item>map(Item.OfColumn::new).toList();
    return new Scan(
        table, items, List.of(), Range.all(table.key().map(k -> k.columns()).orElse(List.of())));
  }

  static Row copy(Row row) {
    return row.slice(0, row.width());
  }

  /** The rows one after the other. */
  static RowSource source(List<Row> rows) {
    Iterator<Row> next = rows.iterator();
    return into -> {
      if (!next.hasNext()) {
        return false;
      }
      Row row = next.next();
      for (int i = 0; i < row.width(); i++) {
        into.set(i, row, i);
      }
      return true;
    };
  }

  @Override
  public void close() throws SQLException {
    database.close();
    connection.close();
  }
}
