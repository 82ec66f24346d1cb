package io.tideline.testkit;

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

/**
 * A database of a test. It talks plain JDBC and uses no class of Tideline, so that what it says of
 * the data is independent of the code under test.
 */
public abstract class TestDatabase implements AutoCloseable {
  /** Which product it is. */
  public abstract Product product();

  /** The URL that Tideline opens it by. */
  public abstract String url();

  /** A new connection that commits each statement by itself. */
  public abstract Connection connect() throws SQLException;

  /** A connection for one question: a new one, unless one is kept from the question before. */
  protected Connection borrow() throws SQLException {
    return connect();
  }

  /** Takes back what was borrowed and answered. */
  protected void giveBack(Connection connection) throws SQLException {
    connection.close();
  }

  /** Another empty database of the same product. */
  public abstract TestDatabase sibling();

  /** An expression whose text is the same for two values exactly if they are the same. */
  protected abstract String exactText(String column);

  /** Removes the database. */
  @Override
  public abstract void close();

  /** An identifier in quotes. */
  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Runs statements, each committed by itself. */
  public final void execute(String... statements) {
    execute(List.of(statements));
  }

  /** Runs statements, each committed by itself. */
  public final void execute(List<String> statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot run " + statements + ": " + e.getMessage(), e);
    }
  }

  /** Runs statements in one transaction. */
  public final void executeTogether(List<String> statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : statements) {
        statement.execute(sql);
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot run the statements: " + e.getMessage(), e);
    }
  }

  /** The first column of a query's rows, as text. */
  public final List<String> query(String sql) {
    try {
      return ask(connection -> query(connection, sql));
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot run " + sql + ": " + e.getMessage(), e);
    }
  }

  /** What is asked over a connection. */
  private interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  private <T> T ask(Question<T> question) throws SQLException {
    Connection connection = borrow();
    T answer;
    try {
      answer = question.ask(connection);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
    giveBack(connection);
    return answer;
  }

  /** The first column of a query's rows, as text, over a connection. */
  public static List<String> query(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  /** The number of rows of a table. */
  public final long count(String table) {
    return Long.parseLong(query("SELECT count(*) FROM " + quote(table)).get(0));
  }

  /** Every row of a table as exact text, in the order of the text. */
  public final List<String> dump(String table) {
    List<String> rows = query("SELECT " + rowText(columns(table)) + " FROM " + quote(table));
    Collections.sort(rows);
    return rows;
  }

  /**
   * Every row of a table as exact text, by the text in one of its columns.
   *
   * @throws IllegalStateException if two rows have the same text there
   */
  public final Map<String, String> dumpBy(String table, String column) {
    String sql =
        "SELECT %s, %s FROM %s".formatted(quote(column), rowText(columns(table)), quote(table));
    try {
      return ask(connection -> pairs(connection, sql, column));
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot dump " + table + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, String> pairs(Connection connection, String sql, String column)
      throws SQLException {
    Map<String, String> rows = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        String before = rows.put(result.getString(1), result.getString(2));
        if (before != null) {
          throw new IllegalStateException("Two rows have " + column + " " + result.getString(1));
        }
      }
    }
    return rows;
  }

  /** The columns of a table in order. */
  public final List<String> columns(String table) {
    try {
      return ask(connection -> columns(connection, table));
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot read the columns of " + table, e);
    }
  }

  private static List<String> columns(Connection connection, String table) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT * FROM " + quote(table) + " WHERE 1 = 0")) {
      ResultSetMetaData all = result.getMetaData();
      for (int i = 1; i <= all.getColumnCount(); i++) {
        columns.add(all.getColumnName(i));
      }
    }
    return columns;
  }

  /** An expression that gives a row's values as exact text. */
  public final String rowText(List<String> columns) {
    return columns.stream()
        .map(column -> exactText(quote(column)))
        .collect(Collectors.joining(" || '|' || "));
  }
}
