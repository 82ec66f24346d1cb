package io.tideline.maintenance.bench;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a target is asked.
 *
 * @param rate requests a second, whether earlier ones are answered or not (open model); absent,
 *     each worker asks again as soon as it has its answer (closed model)
 * @param arrivals how they come, of an open model
 * @param concurrency the most requests in flight, 1 to {@value #MOST_CONCURRENCY}
 * @param rounds how many times it is measured, 1 to {@value #MOST_ROUNDS}
 * @param round how long each round is, at most a day
 * @param warmUp how long it is asked before, without being measured; may be zero
 * @param timeout after how long a request is given up, at most ten minutes
 * @param queue how many requests that are due may wait for a worker; more are shed
 * @param cold whether each request opens a connection of its own
 * @param seed of the chance by which requests come
 */
public record Load(
    Optional<Double> rate,
    Arrivals arrivals,
    int concurrency,
    int rounds,
    Duration round,
    Duration warmUp,
    Duration timeout,
    int queue,
    boolean cold,
    long seed) {
  /** The most requests in flight. */
  public static final int MOST_CONCURRENCY = 1_000;

  /** The most requests a second. */
  public static final int MOST_RATE = 100_000;

  /** The most rounds. */
  public static final int MOST_ROUNDS = 100;

  /** The most requests that may wait. */
  public static final int MOST_QUEUE = 1_000_000;

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);

  /**
   * Checks all of it.
   *
   * @throws TidelineException {@code ARGUMENT_INVALID}
   */
  public Load {
    if (rate.isPresent()) {
      within("a rate", rate.get(), 0.001, MOST_RATE);
    }
    within("a concurrency", concurrency, 1, MOST_CONCURRENCY);
    within("a number of rounds", rounds, 1, MOST_ROUNDS);
    within("a queue", queue, 1, MOST_QUEUE);
    within("seconds of a round", round.toMillis() / 1e3, 0.001, DAY.toSeconds());
    within("seconds of warming up", warmUp.toMillis() / 1e3, 0, DAY.toSeconds());
    within("seconds of a timeout", timeout.toMillis() / 1e3, 0.001, LONGEST_TIMEOUT.toSeconds());
  }

  private static void within(String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot use " + plain(value) + " as " + what + ".",
          "Nothing was asked.",
          "Take a number from " + plain(least) + " to " + plain(most) + ".");
    }
  }

  static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }

  /** What must be the same for figures to be comparable, in words. */
  public Map<String, String> identity() {
    Map<String, String> words = new TreeMap<>();
    words.put("rate", rate.isPresent() ? plain(rate.get()) + "/s" : "closed model");
    if (rate.isPresent()) {
      words.put("arrivals", arrivals.name().toLowerCase(Locale.ROOT));
      words.put("queue", Integer.toString(queue));
    }
    words.put("concurrency", Integer.toString(concurrency));
    words.put("round", round.toString());
    words.put("timeout", timeout.toString());
    words.put("cold", Boolean.toString(cold));
    return words;
  }
}
