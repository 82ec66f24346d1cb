package io.tideline.store;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Ids that sort by the time of their making: UUIDs of version 7 (RFC 9562), which keep an index
 * growing at its end. Those of one maker ascend strictly, even when the clock steps back: it then
 * counts on from the latest time that it has seen. Safe for any number of threads.
 */
public final class TimeOrderedIds {
  private static final int COUNTER_BITS = 12;

  private final Clock clock;
  private final RandomGenerator random;

  /** The milliseconds and, below them, a counter. */
  private final AtomicLong last = new AtomicLong();

  /** A maker by this clock. */
  public TimeOrderedIds(Clock clock) {
    this(clock, new SecureRandom());
  }

  TimeOrderedIds(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** The next id. */
  public UUID next() {
    long now = Math.max(0, clock.millis()) << COUNTER_BITS;
    // A full counter runs over into the milliseconds, and stays ahead of the clock for a while.
    long ticket = last.updateAndGet(before -> Math.max(before + 1, now));
    long high = (ticket >>> COUNTER_BITS) << 16 | 0x7000 | (ticket & ((1 << COUNTER_BITS) - 1));
    long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  /**
   * When an id was made, to the millisecond.
   *
   * @throws IllegalArgumentException if it is not of version 7
   */
  public static Instant time(UUID id) {
    if (id.version() != 7) {
      throw new IllegalArgumentException("An id of version " + id.version() + " holds no time");
    }
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }
}
