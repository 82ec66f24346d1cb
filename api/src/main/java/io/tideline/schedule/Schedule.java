package io.tideline.schedule;

import java.time.Duration;

/**
 * When a policy or a job runs by itself.
 *
 * @param timing when it is due
 * @param jitter by how much its start is put off at most, differently each time; zero for not
 */
public record Schedule(Timing timing, Duration jitter) {
  /** A schedule whose starts are not put off. */
  public static Schedule of(Timing timing) {
    return new Schedule(timing, Duration.ZERO);
  }
}
