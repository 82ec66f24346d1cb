package io.tideline.core.time;

import io.tideline.plan.TimeEncoding.Shape;
import java.time.Instant;

/** The usual units of numbers that count from 1970. */
enum EpochUnit {
  S(1L, Shape.EPOCH_S, Shape.TEXT_EPOCH_S),
  MS(1_000L, Shape.EPOCH_MS, Shape.TEXT_EPOCH_MS),
  US(1_000_000L, Shape.EPOCH_US, Shape.TEXT_EPOCH_US),
  NS(1_000_000_000L, Shape.EPOCH_NS, Shape.TEXT_EPOCH_NS);

  /** 1980-01-01 and 2100-01-01: between them a number is taken for a time of this unit. */
  private static final long PLAUSIBLE_FROM = 315_532_800L;

  private static final long PLAUSIBLE_TO = 4_102_444_800L;

  /** How many make a second. */
  final long perSecond;

  /** How many nanoseconds each is. */
  final long nanos;

  final Shape numbers;
  final Shape text;

  EpochUnit(long perSecond, Shape numbers, Shape text) {
    this.perSecond = perSecond;
    this.nanos = 1_000_000_000L / perSecond;
    this.numbers = numbers;
    this.text = text;
  }

  /** Whether the number is a time of 1980 to 2100 in this unit. */
  boolean plausible(double number) {
    return number >= (double) (PLAUSIBLE_FROM * perSecond)
        && number < (double) PLAUSIBLE_TO * perSecond;
  }

  /** The instant in this unit, rounded down, at the ends of the range of a long. */
  long floor(Instant instant) {
    return add(scale(instant.getEpochSecond()), instant.getNano() / nanos);
  }

  /** Whole seconds in this unit, at the ends of the range of a long. */
  long scale(long seconds) {
    long high = Math.multiplyHigh(seconds, perSecond);
    long low = seconds * perSecond;
    if ((high == 0 && low >= 0) || (high == -1 && low < 0)) {
      return low;
    }
    return seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  private static long add(long a, long b) {
    long sum = a + b;
    return b >= 0 && sum < a ? Long.MAX_VALUE : sum;
  }
}
