package io.tideline.core.time;

import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Julian days. A real of that size is 40 microseconds wide, so the same instant computed in two
 * ways may differ in the last bit: it is read to the nearest millisecond, as SQLite's own date
 * functions do (<a href="https://sqlite.org/lang_datefunc.html">sqlite.org/lang_datefunc.html</a>).
 */
final class JulianForm extends TimeForm {
  private static final double EPOCH_MILLIS = 210_866_760_000_000.0;
  private static final double DAY_MILLIS = 86_400_000.0;

  private final DecimalText decimal = new DecimalText();

  @Override
  boolean parse(Row row, int i) {
    Kind kind = row.kind(i);
    double day;
    if (kind == Kind.REAL) {
      day = row.real(i);
    } else if (kind == Kind.INTEGER) {
      day = (double) row.integer(i);
    } else if (kind == Kind.TEXT && decimal.parse(row.bytes(i))) {
      day = Double.parseDouble(new String(row.bytes(i), StandardCharsets.US_ASCII));
    } else {
      return false;
    }
    if (!(Math.abs(day) < 1e10)) {
      return false;
    }
    long millis = (long) (Math.floor(day * DAY_MILLIS + 0.5) - EPOCH_MILLIS);
    seconds = Math.floorDiv(millis, 1000L);
    nanos = (int) Math.floorMod(millis, 1000L) * 1_000_000;
    return true;
  }

  /** The Julian day of an instant, to the millisecond. */
  static double day(Instant instant) {
    double millis = instant.getEpochSecond() * 1000.0 + instant.getNano() / 1_000_000;
    return (millis + EPOCH_MILLIS) / DAY_MILLIS;
  }

  @Override
  Row bound(Instant cutoff) {
    return Row.ofReal(Math.nextUp(day(Instant.ofEpochSecond(ceiling(cutoff, 1)))));
  }

  @Override
  Row encode(Instant instant) {
    return Row.ofReal(day(instant));
  }
}
