package io.tideline.testkit.cases;

import io.tideline.testkit.Product;
import io.tideline.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every table of a database with its rows as exact text, read by plain JDBC. */
final class Tables {
  /** Name and quoted name, the latter without the rows of tables that inherit. */
  private static final Map<Product, String> NAMES =
      Map.of(
          Product.SQLITE,
          "SELECT name, '\"' || replace(name, '\"', '\"\"') || '\"' FROM pragma_table_list"
              + " WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE"
              + " '\\'",
          Product.POSTGRESQL,
          "SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname,"
              + " CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END"
              + " || quote_ident(n.nspname) || '.' || quote_ident(c.relname)"
              + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
              + " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog',"
              + " 'information_schema')");

  private final TestDatabase database;

  Tables(TestDatabase database) {
    this.database = database;
  }

  /**
   * A row: the exact text of each value by its column, with the plain text that keys are made of.
   */
  record Row(Map<String, String> exact, Map<String, String> plain) {
    String key(List<String> columns) {
      return columns.stream()
          .map(column -> String.valueOf(plain.get(column)))
          .collect(Collectors.joining("/"));
    }

    /** What it looks like once a column was set NULL. */
    Row without(String column, String nothing) {
      Map<String, String> changed = new TreeMap<>(exact);
      changed.put(column, nothing);
      return new Row(changed, plain);
    }
  }

  /** The rows of all tables, by table. */
  Map<String, List<Row>> read() {
    Map<String, List<Row>> tables = new TreeMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet names = statement.executeQuery(NAMES.get(database.product()))) {
      while (names.next()) {
        tables.put(names.getString(1), rows(connection, names.getString(2)));
      }
      return tables;
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot read the tables: " + e.getMessage(), e);
    }
  }

  /** The foreign keys that are broken, in SQLite, where they can be. */
  List<String> violations() {
    return database.product() == Product.POSTGRESQL
        ? List.of()
        : database.query(
            "SELECT \"table\" || ' ' || coalesce(rowid, '?') || ' ' || parent FROM"
                + " pragma_foreign_key_check ORDER BY 1");
  }

  /** The exact text of NULL. */
  String nothing() {
    return database.product() == Product.POSTGRESQL ? "null" : "null:";
  }

  private List<Row> rows(Connection connection, String table) throws SQLException {
    List<String> columns = columns(connection, table);
    String values =
        columns.stream()
            .map(
                column ->
                    database.rowText(List.of(column))
                        + ", CAST("
                        + TestDatabase.quote(column)
                        + " AS TEXT)")
            .collect(Collectors.joining(", "));
    List<Row> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT " + values + " FROM " + table)) {
      while (result.next()) {
        Map<String, String> exact = new TreeMap<>();
        Map<String, String> plain = new TreeMap<>();
        for (int i = 0; i < columns.size(); i++) {
          exact.put(columns.get(i), result.getString(2 * i + 1));
          String text = result.getString(2 * i + 2);
          if (text != null) {
            plain.put(columns.get(i), text);
          }
        }
        rows.add(new Row(exact, plain));
      }
    }
    return rows;
  }

  private static List<String> columns(Connection connection, String table) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM " + table + " WHERE 1 = 0")) {
      ResultSetMetaData all = result.getMetaData();
      for (int i = 1; i <= all.getColumnCount(); i++) {
        columns.add(all.getColumnName(i));
      }
    }
    return columns;
  }

  /** The exact texts of rows, sorted, to compare. */
  static List<String> texts(List<Row> rows) {
    List<String> texts = new ArrayList<>(rows.stream().map(row -> row.exact().toString()).toList());
    Collections.sort(texts);
    return texts;
  }
}
