package io.tideline.maintenance.bench;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * How long requests took, each figure within 0.1 %; all zero if there was none.
 *
 * @param count of how many
 * @param mean the arithmetic mean
 * @param p50 so long or shorter half of them took
 * @param p90 so long or shorter 90 % of them took
 * @param p95 so long or shorter 95 % of them took
 * @param p99 so long or shorter 99 % of them took
 * @param p999 so long or shorter 99.9 % of them took
 * @param max the longest
 */
public record Latencies(
    long count,
    Duration mean,
    Duration p50,
    Duration p90,
    Duration p95,
    Duration p99,
    Duration p999,
    Duration max) {
  static Latencies of(Histogram histogram) {
    if (histogram.getTotalCount() == 0) {
      Duration none = Duration.ZERO;
      return new Latencies(0, none, none, none, none, none, none, none);
    }
    return new Latencies(
        histogram.getTotalCount(),
        Duration.ofNanos((long) histogram.getMean()),
        at(histogram, 50),
        at(histogram, 90),
        at(histogram, 95),
        at(histogram, 99),
        at(histogram, 99.9),
        Duration.ofNanos(histogram.getMaxValue()));
  }

  private static Duration at(Histogram histogram, double percentile) {
    long value = histogram.getValueAtPercentile(percentile);
    return Duration.ofNanos(Math.min(value, histogram.getMaxValue()));
  }
}
