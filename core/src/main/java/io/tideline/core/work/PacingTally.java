package io.tideline.core.work;

import io.tideline.policy.Strain;
import io.tideline.run.Pacing;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts how a run paced itself. */
final class PacingTally {
  private final Map<Strain.Cause, Pacing.Wait> waits = new EnumMap<>(Strain.Cause.class);
  private long batches;
  private int smallest = Integer.MAX_VALUE;
  private int largest;
  private long locked;
  private long longest;
  private Duration rested = Duration.ZERO;

  void batch(int meant, long nanos) {
    batches++;
    smallest = Math.min(smallest, meant);
    largest = Math.max(largest, meant);
    locked += nanos;
    longest = Math.max(longest, nanos);
  }

  void rested(Duration pause) {
    rested = rested.plus(pause);
  }

  /**
   * Counts a wait.
   *
   * @param begun whether it is a new one, and not the going on of the last
   */
  void waited(Strain why, Duration pause, boolean begun) {
    waits.merge(
        why.cause(),
        new Pacing.Wait(why.cause(), 1, pause, why.what()),
        (known, now) ->
            new Pacing.Wait(
                now.cause(),
                known.times() + (begun ? 1 : 0),
                known.time().plus(now.time()),
                now.last()));
  }

  Pacing pacing() {
    return new Pacing(
        batches,
        batches == 0 ? 0 : smallest,
        largest,
        Duration.ofNanos(locked),
        Duration.ofNanos(longest),
        rested,
        List.copyOf(waits.values()));
  }
}
