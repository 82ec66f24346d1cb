package io.tideline.core.time;

import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.time.Instant;

/**
 * Numbers that count from 1970. Numbers in text are read in both forms, since exact decimals of a
 * database come as text too; the forms differ in their bounds.
 */
final class EpochForm extends TimeForm {
  /** After all digits as text; and after all numbers where the engine takes it for a number. */
  private static final String AFTER_DIGITS = "NaN";

  private static final double LONG_RANGE = 0x1p63;

  private final EpochUnit unit;
  private final boolean text;
  private final DecimalText decimal = new DecimalText();
  private long whole;

  private Instant from = Instant.EPOCH;
  private Instant to = Instant.EPOCH;
  private final long[] others = new long[2 * EpochUnit.values().length + 2];

  EpochForm(EpochUnit unit, boolean text) {
    this.unit = unit;
    this.text = text;
    learn(from, to);
  }

  @Override
  boolean parse(Row row, int i) {
    Kind kind = row.kind(i);
    if (text && kind != Kind.TEXT) {
      return false;
    }
    switch (kind) {
      case INTEGER -> {
        whole = row.integer(i);
        set(0);
      }
      case REAL -> {
        return parse(row.real(i));
      }
      case TEXT -> {
        if (!decimal.parse(row.bytes(i))) {
          return false;
        }
        whole = decimal.whole;
        set((int) (decimal.billionths / unit.perSecond));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean parse(double number) {
    double floor = Math.floor(number);
    if (!(floor >= -LONG_RANGE && floor < LONG_RANGE)) {
      return false;
    }
    whole = (long) floor;
    // The fused operation rounds once, so its sign says whether the product was rounded up.
    double fraction = number - floor;
    int part = (int) (fraction * unit.nanos);
    set(part > 0 && Math.fma(fraction, (double) unit.nanos, -part) < 0 ? part - 1 : part);
    return true;
  }

  private void set(int nanosOfUnit) {
    seconds = Math.floorDiv(whole, unit.perSecond);
    long rest = whole - seconds * unit.perSecond;
    nanos = (int) Math.min(999_999_999L, rest * unit.nanos + nanosOfUnit);
  }

  @Override
  boolean inOtherUnit(Instant cutoff, Instant now) {
    if (cutoff != from || now != to) {
      learn(cutoff, now);
    }
    for (int i = 0; i < others.length; i += 2) {
      if (whole >= others[i] && whole <= others[i + 1]) {
        return true;
      }
    }
    return false;
  }

  private void learn(Instant cutoff, Instant now) {
    from = cutoff;
    to = now;
    int at = 0;
    for (EpochUnit other : EpochUnit.values()) {
      boolean same = other == unit;
      others[at++] = same ? Long.MAX_VALUE : other.floor(cutoff);
      others[at++] = same ? Long.MIN_VALUE : other.floor(now);
    }
    others[at++] = (long) Math.floor(JulianForm.day(cutoff));
    others[at] = (long) Math.floor(JulianForm.day(now));
  }

  @Override
  Row bound(Instant cutoff) {
    return text ? Row.ofText(AFTER_DIGITS) : Row.ofInteger(unit.scale(ceiling(cutoff, 1)));
  }

  @Override
  Row encode(Instant instant) {
    long number = unit.floor(instant);
    return text ? Row.ofText(Long.toString(number)) : Row.ofInteger(number);
  }
}
