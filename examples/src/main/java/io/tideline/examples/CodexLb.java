package io.tideline.examples;

import io.tideline.cli.demo.CodexLbStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** The store of a proxy: the same rows on SQLite and PostgreSQL. */
final class CodexLb implements Example {
  private static final int ACCOUNTS = 33;
  private static final List<String> TABLES =
      List.of("accounts", "usage_history", "request_logs", "sticky_sessions", "dashboard_settings");

  private final int usage;
  private final int logs;

  /** A store of the size that people really have. */
  CodexLb() {
    this(90_000, 48_000);
  }

  CodexLb(int usage, int logs) {
    this.usage = usage;
    this.logs = logs;
  }

  @Override
  public void fill(Store store, Order order) throws SQLException, IOException {
    Path folder = Files.createTempDirectory("codex-lb");
    Path file = folder.resolve("store.db");
    try {
      new CodexLbStore(ACCOUNTS, usage * order.scale(), logs * order.scale(), order.seed())
          .create(file, order.now());
      try (Connection from = DriverManager.getConnection("jdbc:sqlite:" + file)) {
        for (String table : TABLES) {
          store.copy(table, from);
        }
      }
      if (store.isPostgres()) {
        for (String table : List.of("usage_history", "request_logs")) {
          store.query(
              "SELECT setval(pg_get_serial_sequence('"
                  + table
                  + "', 'id'), max(id)) FROM "
                  + table);
        }
      }
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }
}
