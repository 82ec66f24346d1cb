package io.tideline.run;

import io.tideline.policy.Strain;
import java.time.Duration;
import java.util.List;

/**
 * How a run paced itself.
 *
 * @param batches the transactions that removed rows
 * @param smallest rows of the smallest batch that was meant; 0 without a batch
 * @param largest rows of the largest batch that was meant
 * @param locked how long they held their locks, in all
 * @param longest how long the longest did
 * @param rested the ordinary rests between them, in all
 * @param waits why else it waited
 */
public record Pacing(
    long batches,
    int smallest,
    int largest,
    Duration locked,
    Duration longest,
    Duration rested,
    List<Wait> waits) {
  /** Copies the list. */
  public Pacing {
    waits = List.copyOf(waits);
  }

  /**
   * Waits of one cause.
   *
   * @param cause why
   * @param times how often it began to wait
   * @param time how long, in all
   * @param last what was told last
   */
  public record Wait(Strain.Cause cause, long times, Duration time, String last) {}
}
