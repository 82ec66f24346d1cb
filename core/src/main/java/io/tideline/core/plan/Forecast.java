package io.tideline.core.plan;

import io.tideline.catalogue.ForeignKey;
import java.time.Duration;
import java.util.Locale;

/**
 * What it costs that no index serves a foreign key.
 *
 * @param key the foreign key
 * @param times how often its table is read: with each row that goes where the engine enforces the
 *     key, else with each batch
 * @param rows the rows of its table
 */
record Forecast(ForeignKey key, long times, long rows) {
  /**
   * The rows that an engine looks at in a second to enforce a foreign key: measured were 1.4
   * million (SQLite, wide rows) to 5 million (narrow ones in memory).
   */
  private static final double RATE = 3_000_000;

  /** About how many rows go in one transaction. */
  private static final long BATCH = 1_000;

  /**
   * The forecast of a foreign key.
   *
   * @param going the rows that go from the table that it refers to
   */
  static Forecast of(ForeignKey key, long going, long rows) {
    long batches = (going + BATCH - 1) / BATCH;
    return new Forecast(key, key.enforced() ? going : batches, rows);
  }

  /** How long the reading takes in all. */
  Duration cost() {
    return Duration.ofSeconds(Math.round(Math.min(1e12, times * (double) rows / RATE)));
  }

  /** The same in words. */
  String words() {
    String what = key.enforced() ? "deleted row of " + key.to() : "batch";
    String whats = key.enforced() ? "deleted rows of " + key.to() : "batches";
    String each = times > 1 ? format("each of %,d %s", times, whats) : "each " + what;
    return format(
        "no index leads to %s: %s reads all %,d rows of %s%s",
        key.display(), each, rows, key.from(), time());
  }

  private String time() {
    long seconds = cost().toSeconds();
    if (seconds == 0) {
      return "";
    }
    return seconds < 100
        ? format(", about %d s", seconds)
        : seconds < 100 * 60
            ? format(", about %d min", Math.round(seconds / 60.0))
            : format(", about %,d h", Math.round(seconds / 3600.0));
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
