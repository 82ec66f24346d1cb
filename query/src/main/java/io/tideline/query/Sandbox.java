package io.tideline.query;

import io.tideline.archive.ArchiveView;
import io.tideline.archive.QueryEngine;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A database in memory that can read the segments of some views and nothing else. The settings'
 * order matters: <a
 * href="https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview">Securing
 * DuckDB</a>.
 */
final class Sandbox implements AutoCloseable {
  private static final List<String> LIMITS =
      List.of(
          "SET memory_limit = '512MB'",
          "SET threads = 2",
          "SET temp_directory = ''",
          "SET TimeZone = 'UTC'",
          "SET autoinstall_known_extensions = false",
          "SET autoload_known_extensions = false");
  private static final List<String> LOCKS =
      List.of("SET enable_external_access = false", "SET lock_configuration = true");

  /** DuckDB gives the tree of a SELECT, which DESCRIBE, SHOW, VALUES and FROM are too. */
  private static final String PARSE =
      """
      SELECT tree ->> '$.error_type', tree ->> '$.error_message',
             json_array_length(tree, '$.statements')
      FROM (SELECT json_serialize_sql(?) AS tree)""";

  /** A statement may write in a CTE; no such statement gets through this. */
  private static final String READ_ONLY = "BEGIN TRANSACTION READ ONLY";

  private static final String NAMELESS = "Invalid result set";

  private static final Pattern EXPLAIN =
      Pattern.compile(
          "\\A(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*+explain\\b(?:\\s+analyze\\b)?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Connection connection;
  private final Failures failures;

  private Sandbox(Connection connection, Failures failures) {
    this.connection = connection;
    this.failures = failures;
  }

  static Sandbox open(List<ArchiveView> views, Failures failures) throws SQLException {
    failures.checkFiles();
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    Sandbox sandbox =
        new Sandbox(DriverManager.getConnection("jdbc:duckdb:", properties), failures);
    try {
      sandbox.begin(views);
      return sandbox;
    } catch (SQLException | RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  private void begin(List<ArchiveView> views) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String limit : LIMITS) {
        statement.execute(limit);
      }
      statement.execute("SET allowed_paths = " + Sql.list(ViewNames.files(views)));
      Definitions.create(connection, views);
      for (String lock : LOCKS) {
        statement.execute(lock);
      }
    }
  }

  void run(String sql, QueryEngine.Result result) throws SQLException {
    check(sql);
    try {
      runOwn(sql, result);
    } catch (SQLException e) {
      throw String.valueOf(e.getMessage()).contains(NAMELESS) ? cause(sql, e) : e;
    }
  }

  /** Runs a query of ours, into which a checked predicate was put. */
  void runOwn(String sql, QueryEngine.Result result) throws SQLException {
    execute(READ_ONLY);
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      Answer.pass(rows, result);
    }
  }

  /** A result that streams does not say why it broke; the same work without its result does. */
  private SQLException cause(String sql, SQLException nameless) throws SQLException {
    execute("ROLLBACK");
    execute(READ_ONLY);
    try {
      execute("EXPLAIN ANALYZE " + sql);
      return nameless;
    } catch (SQLException e) {
      return e;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void check(String sql) throws SQLException {
    Matcher explain = EXPLAIN.matcher(sql);
    String query = explain.find() ? sql.substring(explain.end()) : sql;
    try (PreparedStatement parse = connection.prepareStatement(PARSE)) {
      parse.setString(1, query);
      try (ResultSet tree = parse.executeQuery()) {
        tree.next();
        String error = tree.getString(1);
        if (error != null) {
          throw failures.refused(
              error.equals("parser")
                  ? "it cannot be parsed (" + tree.getString(2) + ")"
                  : "only a query that reads is allowed");
        }
        if (tree.getInt(3) != 1) {
          throw failures.refused("it is not exactly one statement");
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
