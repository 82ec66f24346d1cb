package io.tideline.maintenance.bench;

import java.time.Duration;
import java.util.Optional;

/** Loads of tests: one worker, one round, a timeout of a second, no warming up. */
final class Loads {
  private Loads() {}

  static Load open(double rate, Duration round, int queue) {
    return load(Optional.of(rate), 1, 1, round, queue, false);
  }

  static Load closed(Duration round) {
    return load(Optional.empty(), 1, 1, round, 1, false);
  }

  static Load load(
      Optional<Double> rate, int concurrency, int rounds, Duration round, int queue, boolean cold) {
    return new Load(
        rate,
        Arrivals.FIXED,
        concurrency,
        rounds,
        round,
        Duration.ZERO,
        Duration.ofSeconds(1),
        queue,
        cold,
        7);
  }
}
