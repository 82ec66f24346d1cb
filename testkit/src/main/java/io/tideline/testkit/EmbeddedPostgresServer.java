package io.tideline.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL server for all tests of a JVM, started when first asked for and stopped when the
 * JVM ends. It runs with fsync off: it says nothing about durability.
 */
public final class EmbeddedPostgresServer {
  private static final int VALID_SECONDS = 10;

  private static @Nullable EmbeddedPostgresServer shared;

  private final EmbeddedPostgres server;
  private final AtomicInteger databases = new AtomicInteger();
  private final AtomicReference<@Nullable Kept> kept = new AtomicReference<>();

  /** A connection that nobody uses just now. */
  private record Kept(String database, Connection connection) {}

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

  /**
   * The connection that was last used, if it led to a database and still does: to begin a session
   * takes the server longer than to answer most questions of tests.
   */
  @Nullable Connection kept(String database) throws SQLException {
    Kept last = kept.getAndSet(null);
    if (last == null) {
      return null;
    }
    if (last.database.equals(database) && last.connection.isValid(VALID_SECONDS)) {
      return last.connection;
    }
    last.connection.close();
    return null;
  }

  /** Keeps a connection for the next question, and closes the one kept before. */
  void keep(String database, Connection connection) throws SQLException {
    Kept before = kept.getAndSet(new Kept(database, connection));
    if (before != null) {
      before.connection.close();
    }
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
