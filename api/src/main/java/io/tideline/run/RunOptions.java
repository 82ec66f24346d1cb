package io.tideline.run;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a plan is to be carried out.
 *
 * @param createIndexes whether the indexes that the plan lacks are made first; otherwise a run that
 *     would read too long is refused
 * @param maxTime after how long the run ends, after its batch
 * @param maxRows how many rows it takes at most; a tree is never cut, nor is a partition that goes
 *     whole, and what an interrupted run left is finished all the same
 * @param anyTime whether windows do not count
 */
public record RunOptions(
    boolean createIndexes, Optional<Duration> maxTime, OptionalLong maxRows, boolean anyTime) {
  /** Nothing is made first, and there is no limit. */
  public static final RunOptions DEFAULT =
      new RunOptions(false, Optional.empty(), OptionalLong.empty(), false);

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if one is not positive
   */
  public RunOptions {
    if (maxTime.filter(time -> time.isZero() || time.isNegative()).isPresent()
        || maxRows.orElse(1) < 1) {
      throw new IllegalArgumentException("A limit of a run must be positive");
    }
  }

  /** The same, with the indexes made first. */
  public RunOptions withIndexes() {
    return new RunOptions(true, maxTime, maxRows, anyTime);
  }
}
