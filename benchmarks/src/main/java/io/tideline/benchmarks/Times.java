package io.tideline.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The seconds that one side took, round by round. */
final class Times {
  private final List<Double> seconds = new ArrayList<>();

  /** Something to time. */
  interface Work {
    /** Does it. */
    void run() throws Exception;
  }

  /** Times one piece of work, in seconds. */
  static double of(Work work) {
    long start = System.nanoTime();
    try {
      work.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Notes a round. */
  void add(double time) {
    seconds.add(time);
  }

  /** The last round's, for a progress line; {@code -} before the first. */
  String last() {
    return seconds.isEmpty()
        ? "-"
        : String.format(Locale.ROOT, "%.2f s", seconds.get(seconds.size() - 1));
  }

  /** The median. */
  double median() {
    List<Double> sorted = seconds.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The median and the extremes: {@code 5.21 (5.02–6.30)}. */
  @Override
  public String toString() {
    List<Double> sorted = seconds.stream().sorted().toList();
    return String.format(
        Locale.ROOT, "%.2f (%.2f–%.2f)", median(), sorted.get(0), sorted.get(sorted.size() - 1));
  }
}
