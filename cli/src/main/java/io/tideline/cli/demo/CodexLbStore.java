package io.tideline.cli.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;

/**
 * Makes the database of codex-lb, a proxy that shares accounts, as it looks after months of use:
 * naive UTC times as SQLAlchemy writes them, 26 characters from Python and 19 from the server's
 * default, mixed in one column; one account that went idle long ago. The same seed and instant give
 * the same rows.
 *
 * @param accounts how many accounts
 * @param usage rows of {@code usage_history}
 * @param logs rows of {@code request_logs}
 * @param seed where the random numbers begin
 */
public record CodexLbStore(int accounts, int usage, int logs, long seed) {
  /** The days that {@code usage_history} reaches back. */
  public static final int USAGE_DAYS = 60;

  /** The days that {@code request_logs} reaches back. */
  public static final int LOG_DAYS = 120;

  private static final int IDLE_DAYS = 41;
  private static final DateTimeFormatter SECONDS = format("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter MICROS = format("uuuu-MM-dd HH:mm:ss.SSSSSS");
  private static final String[] MODELS = {"gpt-5", "gpt-5-codex", "gpt-5-mini", "o4-mini"};
  private static final String[] ERRORS = {"rate_limit_exceeded", "upstream_timeout", "quota"};

  private static final String SCHEMA =
      """
      CREATE TABLE accounts (
        id VARCHAR PRIMARY KEY NOT NULL, email VARCHAR NOT NULL UNIQUE, status VARCHAR NOT NULL,
        created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);
      CREATE TABLE usage_history (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id VARCHAR NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        recorded_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, window VARCHAR,
        used_percent FLOAT NOT NULL, input_tokens INTEGER, output_tokens INTEGER,
        reset_at INTEGER, window_minutes INTEGER, credits_has BOOLEAN, credits_balance FLOAT);
      CREATE TABLE request_logs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id VARCHAR NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        request_id VARCHAR NOT NULL, requested_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
        model VARCHAR NOT NULL, input_tokens INTEGER, output_tokens INTEGER,
        cached_input_tokens INTEGER, latency_ms INTEGER, status VARCHAR NOT NULL,
        error_code VARCHAR, error_message TEXT, session_id VARCHAR);
      CREATE TABLE sticky_sessions (
        key VARCHAR PRIMARY KEY NOT NULL,
        account_id VARCHAR NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL);
      CREATE TABLE dashboard_settings (
        id INTEGER PRIMARY KEY, sticky_threads_enabled BOOLEAN NOT NULL,
        pinned_account_ids_json TEXT NOT NULL);
      CREATE INDEX idx_usage_recorded_at ON usage_history (recorded_at);
      CREATE INDEX idx_usage_account_time ON usage_history (account_id, recorded_at);
      CREATE INDEX idx_logs_account_time ON request_logs (account_id, requested_at);
      CREATE INDEX idx_sticky_account ON sticky_sessions (account_id)
      """;

  /** A store of the size that people really have: 33 accounts, 90,000 and 48,000 rows. */
  public static CodexLbStore ofRealSize() {
    return new CodexLbStore(33, 90_000, 48_000, 20_260_501);
  }

  /**
   * Makes the file, in WAL mode; it may not exist.
   *
   * @param now the youngest rows are just older
   */
  public void create(Path file, Instant now) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      for (String sql : SCHEMA.split(";", -1)) {
        statement.execute(sql);
      }
      connection.setAutoCommit(false);
      Random random = new Random(seed);
      accounts(connection, now);
      usage(connection, now, random);
      logs(connection, now, random);
      sessions(connection, now, random);
      statement.execute(
          "INSERT INTO dashboard_settings VALUES (1, 1, '[\"" + id(0) + "\", \"" + id(1) + "\"]')");
      connection.commit();
    }
  }

  private void accounts(Connection connection, Instant now) throws SQLException {
    String sql = "INSERT INTO accounts VALUES (?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (int i = 0; i < accounts; i++) {
        insert.setString(1, id(i));
        insert.setString(2, "user" + i + "@example.com");
        insert.setString(3, i == accounts - 1 ? "paused" : "active");
        insert.setString(4, MICROS.format(now.minus(Duration.ofDays(200L - i))));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private void usage(Connection connection, Instant now, Random random) throws SQLException {
    String sql =
        """
        INSERT INTO usage_history (account_id, recorded_at, window, used_percent, input_tokens,
          output_tokens, reset_at, window_minutes, credits_has, credits_balance)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      Times times = new Times(now, Duration.ofDays(USAGE_DAYS), usage, random);
      for (int i = 0; i < usage; i++) {
        Instant time = times.at(i);
        boolean primary = random.nextInt(10) < 6;
        insert.setString(1, id(account(time, now, random)));
        insert.setString(2, text(time, random));
        insert.setString(3, primary ? random.nextInt(4) == 0 ? null : "primary" : "secondary");
        insert.setDouble(4, Math.round(random.nextDouble() * 1000) / 10.0);
        insert.setInt(5, random.nextInt(200_000));
        insert.setInt(6, random.nextInt(20_000));
        insert.setLong(7, time.getEpochSecond() + random.nextInt(18_000));
        insert.setInt(8, primary ? 300 : 10_080);
        insert.setBoolean(9, random.nextBoolean());
        insert.setDouble(10, Math.round(random.nextDouble() * 10_000) / 100.0);
        insert.addBatch();
        flush(insert, i);
      }
      insert.executeBatch();
    }
  }

  private void logs(Connection connection, Instant now, Random random) throws SQLException {
    String sql =
        """
        INSERT INTO request_logs (account_id, request_id, requested_at, model, input_tokens,
          output_tokens, cached_input_tokens, latency_ms, status, error_code, error_message,
          session_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      Times times = new Times(now, Duration.ofDays(LOG_DAYS), logs, random);
      for (int i = 0; i < logs; i++) {
        Instant time = times.at(i);
        String error = random.nextInt(25) == 0 ? ERRORS[random.nextInt(ERRORS.length)] : null;
        insert.setString(1, id(account(time, now, random)));
        insert.setString(2, "req_" + hex(random) + hex(random));
        insert.setString(3, text(time, random));
        insert.setString(4, MODELS[random.nextInt(MODELS.length)]);
        insert.setInt(5, random.nextInt(120_000));
        insert.setInt(6, random.nextInt(8_000));
        insert.setInt(7, random.nextInt(60_000));
        insert.setInt(8, 200 + random.nextInt(30_000));
        insert.setString(9, error == null ? "success" : "error");
        insert.setString(10, error);
        insert.setString(11, error == null ? null : "Upstream answered " + error + ".");
        insert.setString(12, "sess_" + hex(random));
        insert.addBatch();
        flush(insert, i);
      }
      insert.executeBatch();
    }
  }

  private void sessions(Connection connection, Instant now, Random random) throws SQLException {
    String sql = "INSERT INTO sticky_sessions VALUES (?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (int i = 0; i < 400; i++) {
        Instant made = now.minusSeconds(60 + random.nextInt(30 * 86_400));
        insert.setString(1, "thread_" + i + "_" + hex(random));
        insert.setString(2, id(random.nextInt(accounts)));
        insert.setString(3, MICROS.format(made));
        insert.setString(4, MICROS.format(made.plusSeconds(random.nextInt(60))));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** The last account has done nothing for {@value #IDLE_DAYS} days. */
  private int account(Instant time, Instant now, Random random) {
    boolean all = time.isBefore(now.minus(Duration.ofDays(IDLE_DAYS)));
    return random.nextInt(all ? accounts : Math.max(1, accounts - 1));
  }

  private static void flush(PreparedStatement insert, int row) throws SQLException {
    if (row % 5_000 == 4_999) {
      insert.executeBatch();
    }
  }

  private static String text(Instant time, Random random) {
    return (random.nextInt(5) == 0 ? SECONDS : MICROS).format(time);
  }

  private static String id(int account) {
    return String.format(Locale.ROOT, "acc-%02d", account);
  }

  private static String hex(Random random) {
    return String.format(Locale.ROOT, "%08x", random.nextInt());
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  /** Times that only rise, spread over a span that ends just before now. */
  private record Times(Instant now, Duration span, int count, Random random) {
    Instant at(int i) {
      long step = span.toNanos() / 1000 / Math.max(1, count);
      long before = step * (count - i) - (long) (random.nextDouble() * step * 0.9);
      return now.minusNanos(1000 * Math.max(1, before));
    }
  }
}
