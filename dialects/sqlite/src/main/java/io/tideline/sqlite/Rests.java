package io.tideline.sqlite;

import io.tideline.dialect.ReclaimTask;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Rests between short locks, in proportion to them: others must have come to their turn by then.
 */
final class Rests {
  private static final Duration SHORTEST = Duration.ofMillis(25);
  private static final int TIMES = 3;

  private Rests() {}

  /** Rests after a lock that was held for some nanoseconds. */
  static void after(long held, ReclaimTask task) {
    if (!task.stopping().getAsBoolean()) {
      LockSupport.parkNanos(Math.max(SHORTEST.toNanos(), TIMES * held));
    }
  }

  /** Waits a while for others. */
  static void sleep(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  /** The next size of a step that took some nanoseconds and should take others. */
  static long sized(long size, long took, Duration target, long least, long most) {
    double times = (double) target.toNanos() / Math.max(1, took);
    return Math.max(least, Math.min(most, (long) (size * Math.max(0.3, Math.min(1.5, times)))));
  }
}
