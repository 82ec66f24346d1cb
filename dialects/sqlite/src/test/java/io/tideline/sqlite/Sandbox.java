package io.tideline.sqlite;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database file of a test, made and looked at by plain JDBC. */
final class Sandbox implements AutoCloseable {
  final Path path;
  private Database database;

  Sandbox(Path folder) {
    path = folder.resolve("test.db");
  }

  Sandbox with(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
      return this;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + path);
  }

  /** The rows of a query, each as its values joined by a bar. */
  List<String> rows(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.append(i == 1 ? "" : "|").append(result.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Database database() {
    if (database == null) {
      database = new SqliteDialect().open(new DatabaseUrl("sqlite:" + path));
    }
    return database;
  }

  Table table(String name) {
    return database().resolve(database().catalogue(), name);
  }

  List<Row> read(Scan scan) {
    List<Row> rows = new ArrayList<>();
    try (Reader reader = database().openReader()) {
      reader.scan(scan, 1_000_000, row -> rows.add(row.slice(0, row.width())));
    }
    return rows;
  }

  /** The rows that meet the conditions, in key order, as their key's values. */
  List<String> keys(Table table, Condition... filter) {
    List<String> key = table.key().orElseThrow().columns();
    Scan scan = new Scan(table, items(key), List.of(filter), Range.all(key));
    return read(scan).stream().map(Row::display).toList();
  }

  static List<Item> items(List<String> columns) {
    return columns.stream().<Item>map(Item.OfColumn::new).toList();
  }

  static List<Item> all(Table table) {
    return items(table.archivedColumns().stream().map(Column::name).toList());
  }

  static Scan scan(Table table, Condition... filter) {
    return new Scan(
        table, all(table), List.of(filter), Range.all(table.key().orElseThrow().columns()));
  }

  static PackedRows keysOf(long... ids) {
    PackedRows keys = new PackedRows(1);
    for (long id : ids) {
      keys.add(Row.ofInteger(id), 0);
    }
    return keys;
  }

  @Override
  public void close() {
    if (database != null) {
      database.close();
    }
  }
}
