package io.tideline.services.accounts;

import io.tideline.store.Database;
import io.tideline.store.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/** The tables and indexes that the service works on; made if they are missing, never changed. */
final class AccountsTables {
  /** What {@link UsageHistory} seeks by. */
  static final String LATEST =
      "CREATE INDEX IF NOT EXISTS idx_usage_latest ON usage_history (account_id, ("
          + Usage.WINDOW
          + "), recorded_at, id)";

  private AccountsTables() {}

  static void make(Database database, boolean sqlite) {
    List<String> there =
        database.read(session -> session.query(tables(sqlite), row -> row.getString(1)));
    database.write(
        session -> {
          if (!there.contains("accounts")) {
            schema(session, sqlite ? "schema.sqlite.sql" : "schema.postgresql.sql");
          }
          // Of a large table this takes its time: the README says how to make it beforehand.
          session.update(LATEST);
          return true;
        });
  }

  private static String tables(boolean sqlite) {
    return sqlite
        ? "SELECT name FROM sqlite_schema WHERE type = 'table'"
        : "SELECT CAST(table_name AS text) FROM information_schema.tables"
            + " WHERE table_schema = current_schema()";
  }

  private static void schema(Session session, String name) throws SQLException {
    for (String statement : text(name).replaceAll("(?m)^--.*$", "").split(";", -1)) {
      if (!statement.isBlank()) {
        session.update(statement);
      }
    }
  }

  private static String text(String name) {
    try (InputStream in = AccountsTables.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
