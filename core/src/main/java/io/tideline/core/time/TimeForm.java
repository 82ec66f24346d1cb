package io.tideline.core.time;

import io.tideline.plan.TimeEncoding;
import io.tideline.row.Row;
import java.time.Instant;

/** One way to write times; holds the time parsed last. */
abstract class TimeForm {
  /** Seconds since 1970 of the time parsed last, rounded down. */
  long seconds;

  /** Nanoseconds after {@link #seconds}. */
  int nanos;

  static TimeForm of(TimeEncoding encoding) {
    return switch (encoding.shape()) {
      case ISO_SPACE, ISO_T, ISO_DATE, ISO_BASIC -> new IsoForm(encoding);
      case EPOCH_S, TEXT_EPOCH_S -> new EpochForm(EpochUnit.S, text(encoding));
      case EPOCH_MS, TEXT_EPOCH_MS -> new EpochForm(EpochUnit.MS, text(encoding));
      case EPOCH_US, TEXT_EPOCH_US -> new EpochForm(EpochUnit.US, text(encoding));
      case EPOCH_NS, TEXT_EPOCH_NS -> new EpochForm(EpochUnit.NS, text(encoding));
      case JULIAN_DAY -> new JulianForm();
      case NATIVE_DATE, NATIVE_TIMESTAMP, NATIVE_INSTANT -> new NativeForm(encoding);
    };
  }

  private static boolean text(TimeEncoding encoding) {
    return encoding.shape().name().startsWith("TEXT_");
  }

  /** Reads a value that is not null into {@link #seconds} and {@link #nanos}. */
  abstract boolean parse(Row row, int i);

  /** Whether the number parsed last would lie between two instants in another usual unit. */
  boolean inOtherUnit(Instant from, Instant to) {
    return false;
  }

  abstract Row bound(Instant cutoff);

  abstract Row encode(Instant instant);

  /** The seconds of the first whole multiple of {@code step} seconds that is not before. */
  static long ceiling(Instant instant, long step) {
    long up = instant.getEpochSecond() + (instant.getNano() > 0 ? 1 : 0);
    return -Math.floorDiv(-up, step) * step;
  }
}
