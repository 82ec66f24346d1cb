package io.tideline.tuning;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How a time is given to a query. */
public enum TimeForm {
  /** A timestamp of the database; text {@code 2026-05-02 10:00:00.5} where it has none. */
  TIMESTAMP,
  /** The text {@code 2026-05-02 10:00:00} in UTC, with a fraction if there is one. */
  TEXT,
  /** The text {@code 2026-05-02T10:00:00} in UTC, with a fraction if there is one. */
  ISO,
  /** The text {@code 2026-05-02T10:00:00Z}, with a fraction if there is one. */
  ISO_Z,
  /** The text {@code 2026-05-02}. */
  DATE,
  /** Whole seconds since 1970. */
  EPOCH_S,
  /** Whole milliseconds since 1970. */
  EPOCH_MS,
  /** Whole microseconds since 1970. */
  EPOCH_US,
  /** Whole nanoseconds since 1970. */
  EPOCH_NS,
  /** Seconds since 1970 with their fraction, a real number. */
  EPOCH_REAL,
  /** Julian days, a real number. */
  JULIAN_DAY;

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final double SECONDS_OF_DAY = 86_400;
  private static final double JULIAN_DAY_OF_1970 = 2_440_587.5;

  /** The word in a configuration: {@code epoch-s}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The time as a Long, Double or String; for {@link #TIMESTAMP} the instant itself. */
  Object of(Instant time) {
    return switch (this) {
      case TIMESTAMP -> time;
      case TEXT -> text(time);
      case ISO -> text(time).replace(' ', 'T');
      case ISO_Z -> text(time).replace(' ', 'T') + "Z";
      case DATE -> text(time).substring(0, text(time).indexOf(' '));
      case EPOCH_S -> time.getEpochSecond();
      case EPOCH_MS -> time.toEpochMilli();
      case EPOCH_US -> ChronoUnit.MICROS.between(Instant.EPOCH, time);
      case EPOCH_NS -> ChronoUnit.NANOS.between(Instant.EPOCH, time);
      case EPOCH_REAL -> seconds(time);
      case JULIAN_DAY -> JULIAN_DAY_OF_1970 + seconds(time) / SECONDS_OF_DAY;
    };
  }

  /** {@code 2026-05-02 10:00:00} in UTC, with as much of a fraction as there is. */
  public static String text(Instant time) {
    String fraction = String.format(Locale.ROOT, "%09d", time.getNano()).replaceFirst("0+$", "");
    return SECONDS.format(time) + (fraction.isEmpty() ? "" : "." + fraction);
  }

  private static double seconds(Instant time) {
    return time.getEpochSecond() + time.getNano() / 1e9;
  }
}
