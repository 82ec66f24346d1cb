package io.tideline.store;

import java.time.Duration;

/** What a {@link BufferedWriter} does with a row for which it has no room. */
public sealed interface BackPressure {
  /** The caller waits, at most so long; then {@code write} throws and the row is not accepted. */
  record Block(Duration most) implements BackPressure {
    /** Checks that the time is above zero. */
    public Block {
      Checks.positive("longest wait", most);
    }
  }

  /** The row is dropped, {@code write} says false, and it is counted. */
  record Drop() implements BackPressure {}

  /**
   * The caller writes the row itself, in a transaction of its own, ahead of those that wait. If
   * that fails {@code write} throws, and the row is not accepted.
   */
  record CallerRuns() implements BackPressure {}
}
