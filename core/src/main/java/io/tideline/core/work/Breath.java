package io.tideline.core.work;

/** Rests now and then during work on many rows that holds no lock. Of one thread. */
final class Breath {
  /** So few that others wait for a processor no longer than for a batch. */
  private static final int ROWS = 2_000;

  private final RunContext context;
  private int rows;
  private long began = System.nanoTime();

  Breath(RunContext context) {
    this.context = context;
  }

  /** Learns that a row is done. */
  void row() {
    if (++rows % ROWS == 0) {
      Pacer.breathe(context, System.nanoTime() - began);
      began = System.nanoTime();
    }
  }
}
