package io.tideline.cli.output;

import io.tideline.health.Figures;
import io.tideline.plan.TimeEncoding;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Numbers, sizes and times for a person; never dependent on the machine's locale or zone. */
public final class Words {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Words() {}

  /** A count with thousands separators: {@code 12,345}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A count with what is counted: {@code 1 row}, {@code 12,345 rows}. */
  public static String count(long count, String noun) {
    return Figures.count(count, noun);
  }

  /** A size in units of 1024: {@code 12.3 MB}. */
  public static String bytes(long bytes) {
    return Figures.bytes(bytes);
  }

  /** An instant in UTC, to the second: {@code 2026-05-02 10:00:00Z}. */
  public static String time(Instant instant) {
    return SECONDS.format(instant);
  }

  /** An instant, or a dash. */
  public static String time(Optional<Instant> instant) {
    return instant.map(Words::time).orElse("-");
  }

  /** A length of time in its two largest units: {@code 0.4 s}, {@code 3 min 12 s}, {@code 29 d}. */
  public static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return two(seconds / 60, "min", seconds % 60, "s");
    }
    if (seconds < 48 * 3600) {
      return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
    }
    return seconds / 86_400 + " d";
  }

  /** How long before {@code now} something was: {@code 29 d}. */
  public static String age(Instant then, Instant now) {
    return duration(Duration.between(then, now));
  }

  /** How times are written: {@code iso-space, UTC}. */
  public static String encoding(TimeEncoding encoding) {
    String text = encoding.display();
    return text.endsWith(", Z") ? text.substring(0, text.length() - 1) + "UTC" : text;
  }

  private static String two(long large, String unit, long small, String smallUnit) {
    return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }
}
