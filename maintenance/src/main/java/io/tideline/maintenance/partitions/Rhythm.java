package io.tideline.maintenance.partitions;

import io.tideline.dialect.Database;
import io.tideline.policy.Pace;
import java.time.Duration;

/**
 * Sizes batches by how long each took, and rests between them in proportion. They lock nothing that
 * others use: how long one takes is bounded for the sake of a stop, and of snapshots.
 */
final class Rhythm {
  private static final int START = 500;
  private static final double GROWTH = 1.5;
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private static final double TARGET = Duration.ofMillis(100).toNanos();

  private final Pace pace;
  private final Duration shortest;
  private int batch = START;

  Rhythm(Database database, Pace pace) {
    this.pace = pace;
    this.shortest = database.shortestRest();
  }

  /** How many rows the next batch should have. */
  int batch() {
    return Math.max(pace.smallest(), Math.min(pace.largest(), batch));
  }

  /** Learns how long a batch took, and rests. */
  void took(long nanos, int rows) {
    double row = (double) nanos / Math.max(1, rows);
    batch = (int) Math.max(1, Math.min(TARGET / row, batch * GROWTH));
    if (pace.work() < 1) {
      long rest = (long) (nanos * (1 / pace.work() - 1));
      rest(Duration.ofNanos(Math.min(LONGEST.toNanos(), Math.max(shortest.toNanos(), rest))));
    }
  }

  private static void rest(Duration pause) {
    try {
      Thread.sleep(Math.max(1, pause.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
