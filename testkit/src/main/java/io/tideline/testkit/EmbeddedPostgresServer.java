package io.tideline.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL server for all tests of a JVM, started when first asked for and stopped when the
 * JVM ends. It runs with fsync off: it says nothing about durability.
 */
public final class EmbeddedPostgresServer {
  private static @Nullable EmbeddedPostgresServer shared;

  private final EmbeddedPostgres server;
  private final AtomicInteger databases = new AtomicInteger();

  private EmbeddedPostgresServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /** The server of this JVM. */
  public static synchronized EmbeddedPostgresServer shared() {
    if (shared == null) {
      shared = new EmbeddedPostgresServer(start());
    }
    return shared;
  }

  private static EmbeddedPostgres start() {
    try {
      // Closing is left to the library's own shutdown hook, which also removes the data.
      return EmbeddedPostgres.builder()
          .setServerConfig("max_connections", "60")
          .setServerConfig("shared_buffers", "32MB")
          .setServerConfig("autovacuum", "off")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start the embedded PostgreSQL", e);
    }
  }

  /** The port it listens on, on this machine. */
  public int port() {
    return server.getPort();
  }

  /** A new, empty database. */
  public PostgresTestDatabase freshDatabase() {
    String name = "test" + databases.incrementAndGet();
    administer("CREATE DATABASE " + name);
    return new PostgresTestDatabase(this, name);
  }

  void drop(String database) {
    administer("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
  }

  private void administer(String sql) {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot run " + sql, e);
    }
  }

  Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + port() + "/" + database, "postgres", "postgres");
  }
}
