package io.tideline.maintenance.bench;

import java.util.SplittableRandom;

/**
 * The moments at which requests of an open model are due. Thread-safe: whoever takes a moment is
 * the only one to have it, so that those that nobody has taken are the queue, and take no memory.
 */
final class Schedule {
  /** What {@link #next} says when there are no more. */
  static final long END = Long.MAX_VALUE;

  private final Arrivals arrivals;
  private final double nanosBetween;
  private final long start;
  private final long end;
  private final SplittableRandom chance;
  private long number;
  private double offset;

  Schedule(Arrivals arrivals, double rate, long start, long length, long seed) {
    this.arrivals = arrivals;
    this.nanosBetween = 1e9 / rate;
    this.start = start;
    this.end = start + length;
    this.chance = new SplittableRandom(seed);
    this.offset = arrivals == Arrivals.POISSON ? gap() : 0;
  }

  /** The next moment, or {@link #END}. */
  synchronized long next() {
    long due = start + (long) offset;
    if (due >= end) {
      return END;
    }
    number++;
    // Multiplied, not added up: a sum of rounded gaps would drift.
    offset = arrivals == Arrivals.FIXED ? number * nanosBetween : offset + gap();
    return due;
  }

  private double gap() {
    return -Math.log(1 - chance.nextDouble()) * nanosBetween;
  }
}
