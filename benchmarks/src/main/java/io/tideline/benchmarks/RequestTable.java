package io.tideline.benchmarks;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.SplittableRandom;

/**
 * The table that is measured: 14 columns of numbers, words, ids and NULLs, about 220 bytes a row in
 * the canonical encoding, rising times, two indexes. The same number gives the same row.
 */
final class RequestTable {
  static final String NAME = "request_logs";
  static final String TIME = "requested_at";
  static final int COLUMNS = 14;
  static final String INSERT =
      "INSERT INTO request_logs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String COLUMN_LIST =
      """
      CREATE TABLE request_logs (
        id %1$s, account_id %2$s NOT NULL, requested_at %3$s NOT NULL, model %2$s NOT NULL,
        status %2$s NOT NULL, request_id %2$s NOT NULL, input_tokens %4$s NOT NULL,
        output_tokens %4$s NOT NULL, cached_tokens %4$s, latency_ms %5$s NOT NULL,
        cost %5$s NOT NULL, error_code %2$s, path %2$s NOT NULL, session_id %2$s NOT NULL)
      """;
  static final String SQLITE =
      COLUMN_LIST.formatted("INTEGER PRIMARY KEY", "TEXT", "TEXT", "INTEGER", "REAL");
  static final String POSTGRES =
      COLUMN_LIST.formatted(
          "bigint PRIMARY KEY", "text", "timestamptz", "bigint", "double precision");
  static final String[] INDEXES = {
    "CREATE INDEX request_logs_time ON request_logs (requested_at)",
    "CREATE INDEX request_logs_account ON request_logs (account_id, requested_at)"
  };

  private static final String[] MODELS = {"gpt-5", "gpt-5-codex", "gpt-5-mini", "o4-mini"};
  private static final String[] PATHS = {
    "/v1/responses", "/v1/chat/completions", "/backend-api/codex/responses", "/v1/models"
  };
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private static final Duration OLDEST = Duration.ofDays(200);
  private static final Duration YOUNGEST_EXPIRED = Duration.ofDays(100);
  private static final Duration OLDEST_FRESH = Duration.ofDays(20);

  private final int rows;
  private final int expired;
  private final Instant now;
  private final boolean nativeTime;

  /**
   * @param expired how many of the rows, the first ones, are 100 to 200 days old; the others are
   *     younger than 20 days
   * @param nativeTime whether the database has a type for times; else they are text
   */
  RequestTable(int rows, int expired, Instant now, boolean nativeTime) {
    this.rows = rows;
    this.expired = expired;
    this.now = now;
    this.nativeTime = nativeTime;
  }

  int rows() {
    return rows;
  }

  /** Row {@code id}, counted from 1, as JDBC takes it. */
  Object[] row(int id) {
    SplittableRandom random = new SplittableRandom(id);
    boolean failed = random.nextInt(20) == 0;
    Instant at = time(id).plusNanos(random.nextInt(1_000_000) * 1_000L);
    Object[] row = new Object[COLUMNS];
    row[0] = (long) id;
    row[1] = "acc_" + hex(random.nextInt(33) * 0x9E3779B97F4A7C15L, 12);
    row[2] = nativeTime ? at.atOffset(ZoneOffset.UTC) : ISO.format(at);
    row[3] = MODELS[random.nextInt(MODELS.length)];
    row[4] = failed ? "error" : "success";
    row[5] = "req_" + hex(random.nextLong(), 16) + hex(random.nextLong(), 16);
    row[6] = (long) random.nextInt(200_000);
    row[7] = (long) random.nextInt(8_000);
    row[8] = random.nextInt(3) == 0 ? null : (Object) (long) random.nextInt(100_000);
    row[9] = random.nextInt(60_000_000) / 1000.0;
    row[10] = random.nextInt(1_000_000) / 1e6;
    row[11] = failed ? "rate_limit_exceeded" : null;
    row[12] = PATHS[random.nextInt(PATHS.length)];
    row[13] = hex(random.nextInt(20_000) * 0xD1B54A32D192ED03L, 16);
    return row;
  }

  private Instant time(int id) {
    Duration span = OLDEST.minus(YOUNGEST_EXPIRED);
    return id <= expired
        ? now.minus(OLDEST).plus(span.multipliedBy(id).dividedBy(expired + 1))
        : now.minus(OLDEST_FRESH.multipliedBy(rows - id + 1).dividedBy(rows - expired + 1));
  }

  /** A time between the expired rows and the others, as the column's text has it. */
  String cutoff() {
    return ISO.format(now.minus(TidelineSide.RETAIN));
  }

  int expired() {
    return expired;
  }

  private static String hex(long value, int digits) {
    char[] text = new char[digits];
    for (int i = 0; i < digits; i++) {
      text[i] = HEX[(int) (value >>> (60 - 4 * i)) & 15];
    }
    return new String(text);
  }

  /** Binds a row to {@link #INSERT}. */
  static void bind(PreparedStatement insert, Object[] row) throws SQLException {
    for (int i = 0; i < COLUMNS; i++) {
      insert.setObject(i + 1, row[i]);
    }
  }
}
