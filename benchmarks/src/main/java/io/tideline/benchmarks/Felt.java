package io.tideline.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What an application felt, round by round, while something else worked beside it. */
final class Felt {
  /**
   * One round.
   *
   * @param p50 milliseconds from schedule to end that half of the writes did not exceed
   * @param p99 milliseconds from schedule to end that 99 of 100 writes did not exceed
   * @param max the longest
   * @param busy errors that the application got
   * @param logMegabytes the longest that the write-ahead log was; 0 where there is none
   * @param rate rows that went, a second
   */
  record Round(double p50, double p99, double max, long busy, double logMegabytes, double rate) {}

  private final String what;
  private final List<Round> rounds = new ArrayList<>();

  Felt(String what) {
    this.what = what;
  }

  void add(Round round) {
    rounds.add(round);
    System.out.printf(
        Locale.ROOT,
        "%s, round %d: p99 %.1f ms, max %.1f ms, busy %d, log %.1f MB, %.0f rows/s%n",
        what,
        rounds.size(),
        round.p99(),
        round.max(),
        round.busy(),
        round.logMegabytes(),
        round.rate());
  }

  String what() {
    return what;
  }

  double p50() {
    return median(Round::p50);
  }

  double p99() {
    return median(Round::p99);
  }

  double max() {
    return median(Round::max);
  }

  double rate() {
    return median(Round::rate);
  }

  long busy() {
    return rounds.stream().mapToLong(Round::busy).sum();
  }

  double log() {
    return rounds.stream().mapToDouble(Round::logMegabytes).max().orElse(0);
  }

  private double median(ToDoubleFunction<Round> value) {
    List<Double> sorted = rounds.stream().map(value::applyAsDouble).sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
  }

  /** A line of a table. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%-36s %8.1f %8.1f %6d %8.1f %10.0f   %s",
        what,
        p99(),
        max(),
        busy(),
        log(),
        rate(),
        rounds.stream()
            .map(round -> String.format(Locale.ROOT, "%.0f/%.0f", round.p99(), round.max()))
            .toList());
  }

  /** The title of such lines. */
  static String title() {
    return String.format(
        "%-36s %8s %8s %6s %8s %10s   %s",
        "beside an application",
        "p99 ms",
        "max ms",
        "busy",
        "log MB",
        "rows/s",
        "p99/max by round");
  }
}
