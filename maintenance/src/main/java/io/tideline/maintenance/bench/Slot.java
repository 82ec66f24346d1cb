package io.tideline.maintenance.bench;

import java.time.Duration;

/**
 * A stretch of a round, by when its requests were due.
 *
 * @param from since the first round began, without the pauses between rounds
 * @param count how many were due in it
 * @param failed how many of them were not answered as they should be
 * @param p50 the response time of half of them
 * @param p99 the response time of 99 % of them
 * @param max the longest response time
 */
public record Slot(
    Duration from, long count, long failed, Duration p50, Duration p99, Duration max) {
  Slot later(Duration by) {
    return new Slot(from.plus(by), count, failed, p50, p99, max);
  }
}
