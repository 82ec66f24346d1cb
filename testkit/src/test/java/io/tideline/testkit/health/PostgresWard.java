package io.tideline.testkit.health;

import io.tideline.health.Check;
import io.tideline.health.Severity;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A database of its own for each test, on a server made for finding what is wrong with it. */
abstract class PostgresWard {
  private static EmbeddedPostgres server;
  private static int count;

  String name;
  Connection connection;
  Patient patient;

  /** One server for all tests of a JVM; the library stops it when the JVM ends. */
  @BeforeAll
  static synchronized void start() throws Exception {
    if (server != null) {
      return;
    }
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("autovacuum_naptime", "1h")
            .setServerConfig("max_connections", "20")
            .setServerConfig("max_prepared_transactions", "5")
            .setServerConfig("wal_level", "replica")
            .setServerConfig("shared_buffers", "32MB")
            .setServerConfig("shared_preload_libraries", "pg_stat_statements")
            .start();
  }

  @BeforeEach
  void open() throws Exception {
    name = "health" + count++;
    try (Connection admin = connect("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    connection = connect(name);
    patient = new Patient(url("postgres"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    try (Connection admin = connect("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
    }
  }

  final String url(String role) {
    return "postgresql://" + role + ":p@localhost:" + server.getPort() + "/" + name;
  }

  static Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + server.getPort() + "/" + database, "postgres", "p");
  }

  final void execute(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** What a session counts is told when it ends. */
  final void executeApart(String... statements) throws SQLException {
    try (Connection other = connect(name);
        Statement statement = other.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  final void isFoundAndMended(Check check, Severity severity) throws Exception {
    patient.isMendedBy(connection, patient.finds(check, severity));
  }
}
