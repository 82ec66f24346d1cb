package io.tideline.dialect;

import io.tideline.run.WorkListener;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How an index is made or dropped.
 *
 * @param patience how long it may wait for others in one go
 * @param stopping whether somebody wants it to end early; asked often
 * @param listener hears how far it is, on whatever thread looks
 */
public record IndexTask(Duration patience, BooleanSupplier stopping, WorkListener listener) {
  /** How long is waited for others where nobody says otherwise. */
  public static final Duration PATIENCE = Duration.ofMinutes(10);

  /** One that nobody stops or listens to. */
  public static final IndexTask USUAL = new IndexTask(PATIENCE, () -> false, WorkListener.NONE);

  /** Checks that it may wait at all: to an engine no time can mean for ever. */
  public IndexTask {
    if (patience.toMillis() <= 0) {
      throw new IllegalArgumentException("The patience must be longer than nothing");
    }
  }

  /** The same for what a reclaim shares with it. */
  public ReclaimTask asReclaim() {
    return new ReclaimTask(false, stopping, listener);
  }
}
