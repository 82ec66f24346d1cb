package io.tideline.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** The databases that every test here runs on. */
enum Kind {
  SQLITE {
    @Override
    TestDatabase fresh(Path folder) {
      Path file = folder.resolve("store" + NUMBERS.incrementAndGet() + ".db");
      return new TestDatabase(
          this,
          "jdbc:sqlite:" + file,
          wait -> Database.sqlite(file).busyTimeout(wait).attempts(2).open());
    }
  },
  POSTGRESQL {
    @Override
    TestDatabase fresh(Path folder) {
      String name = "test" + NUMBERS.incrementAndGet();
      execute(address("postgres"), "CREATE DATABASE " + name);
      return new TestDatabase(
          this,
          address(name),
          wait ->
              Database.postgresql(address(name))
                  .lockTimeout(wait)
                  .connections(4)
                  .attempts(2)
                  .open());
    }
  };

  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static EmbeddedPostgres server;

  /** A new, empty database. */
  abstract TestDatabase fresh(Path folder);

  private static synchronized String address(String database) {
    if (server == null) {
      try {
        // Stopped by the library's own shutdown hook. It runs with fsync off.
        server =
            EmbeddedPostgres.builder()
                .setServerConfig("max_connections", "60")
                .setServerConfig("autovacuum", "off")
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return "jdbc:postgresql://localhost:"
        + server.getPort()
        + "/"
        + database
        + "?user=postgres&password=postgres";
  }

  static void execute(String url, String... statements) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
