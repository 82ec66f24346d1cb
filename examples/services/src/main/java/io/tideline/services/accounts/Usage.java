package io.tideline.services.accounts;

import io.tideline.services.web.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an account had used of a window when it was last asked; a row of {@code usage_history}. */
record Usage(
    long id,
    String recordedAt,
    double usedPercent,
    @Nullable Long inputTokens,
    @Nullable Long outputTokens,
    @Nullable Long resetAt,
    @Nullable Long windowMinutes,
    @Nullable Boolean creditsHas,
    @Nullable Double creditsBalance) {

  static final String PRIMARY = "primary";
  static final String SECONDARY = "secondary";

  /**
   * The window that a row counts for: no window means primary, and a primary one of a day or more
   * is a secondary one.
   */
  static final String WINDOW =
      "CASE WHEN coalesce(\"window\", 'primary') = 'primary' AND window_minutes >= 1440"
          + " THEN 'secondary' ELSE coalesce(\"window\", 'primary') END";

  static final String[] COLUMNS = {
    "id",
    "recorded_at",
    "used_percent",
    "input_tokens",
    "output_tokens",
    "reset_at",
    "window_minutes",
    "credits_has",
    "credits_balance"
  };

  static Usage read(ResultSet row) throws SQLException {
    return new Usage(
        row.getLong("id"),
        instant(row.getString("recorded_at")),
        row.getDouble("used_percent"),
        whole(row, "input_tokens"),
        whole(row, "output_tokens"),
        whole(row, "reset_at"),
        whole(row, "window_minutes"),
        truth(row),
        number(row));
  }

  private static String instant(String text) {
    Instant instant = Times.read(text);
    return instant.toString();
  }

  private static @Nullable Long whole(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }

  private static @Nullable Double number(ResultSet row) throws SQLException {
    double value = row.getDouble("credits_balance");
    return row.wasNull() ? null : (Double) value;
  }

  private static @Nullable Boolean truth(ResultSet row) throws SQLException {
    boolean value = row.getBoolean("credits_has");
    return row.wasNull() ? null : (Boolean) value;
  }
}
