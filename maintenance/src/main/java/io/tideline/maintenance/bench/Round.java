package io.tideline.maintenance.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What one round measured, or all rounds together.
 *
 * @param took how long it was, the wait for its last answers included
 * @param counts what came of its requests
 * @param throughput answers a second that were as they should be
 * @param response how long requests took from when they were due
 * @param service how long requests took from when they were sent
 * @param lag how long after they were due requests were sent
 * @param histogram the response times in nanoseconds, as HdrHistogram encodes them (compressed,
 *     base64)
 */
public record Round(
    Duration took,
    Counts counts,
    double throughput,
    Latencies response,
    Latencies service,
    Latencies lag,
    String histogram) {
  private static final double[] PERCENTILES = {
    0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 97.5, 99, 99.5, 99.9, 99.95, 99.99, 100
  };

  /**
   * A point of the curve of response times.
   *
   * @param percentile from 0 to 100
   * @param time so long or shorter that share of requests took
   */
  public record Point(double percentile, Duration time) {}

  /** The curve of response times, as fine as there are requests; empty if there were none. */
  public List<Point> curve() {
    Histogram times = Measured.decoded(histogram);
    List<Point> points = new ArrayList<>();
    for (double percentile : PERCENTILES) {
      boolean told = percentile == 100 || times.getTotalCount() * (100 - percentile) >= 100;
      if (times.getTotalCount() > 0 && told) {
        long nanos = Math.min(times.getValueAtPercentile(percentile), times.getMaxValue());
        points.add(new Point(percentile, Duration.ofNanos(nanos)));
      }
    }
    return points;
  }
}
