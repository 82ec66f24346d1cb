package io.tideline.store;

import java.time.Instant;

/** Instants as REAL seconds since 1970, exact to the microsecond until the year 2242. */
final class Seconds {
  /** Older than any time that is stored. */
  static final double EVER = -1e12;

  /** The years 1 to 9999; it also keeps out NaN and the infinities. */
  static final String CHECK = "BETWEEN -62135596800 AND 253402300800";

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private Seconds() {}

  /** The instant without what is below a microsecond. */
  static Instant within(String what, Instant instant) {
    if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
      throw new IllegalArgumentException(what + " is not within the years 1 to 9999");
    }
    return instant.minusNanos(instant.getNano() % 1_000);
  }

  static double of(Instant instant) {
    return (instant.getEpochSecond() * 1_000_000L + instant.getNano() / 1_000) / 1e6;
  }

  static Instant toInstant(double seconds) {
    long micros = Math.round(seconds * 1e6);
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
  }
}
