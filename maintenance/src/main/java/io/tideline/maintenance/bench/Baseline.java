package io.tideline.maintenance.bench;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Figures that were kept, to compare with: of one run or several, which tell how far runs lie
 * apart.
 *
 * @param identity what was asked and how, in words
 * @param machine where
 * @param runs in order, at least one
 */
public record Baseline(Map<String, String> identity, Machine machine, List<Run> runs) {
  /** The most runs that a baseline keeps: the oldest go. */
  public static final int MOST_RUNS = 20;

  /** Copies what it is given. */
  public Baseline {
    identity = Map.copyOf(identity);
    runs = List.copyOf(runs);
    if (runs.isEmpty() || runs.stream().anyMatch(run -> run.rounds().isEmpty())) {
      throw new IllegalArgumentException("Cannot make a baseline without a run, or of no round");
    }
  }

  /**
   * One run.
   *
   * @param at when it began
   * @param version of what measured
   * @param rounds each of its rounds
   */
  public record Run(Instant at, String version, List<Sample> rounds) {
    /** Copies the rounds. */
    public Run {
      rounds = List.copyOf(rounds);
    }
  }

  /**
   * One round.
   *
   * @param p50 of the response times
   * @param p95 of the response times
   * @param p99 of the response times
   * @param throughput answers a second
   * @param histogram the response times, as {@link Round#histogram}
   */
  public record Sample(
      Duration p50, Duration p95, Duration p99, double throughput, String histogram) {
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Refuses what nobody measured. */
    public Sample {
      boolean times =
          Stream.of(p50, p95, p99)
              .allMatch(time -> !time.isNegative() && time.compareTo(LONGEST) <= 0);
      if (!times || !(throughput >= 0) || Double.isInfinite(throughput)) {
        throw new IllegalArgumentException("Cannot take these for the figures of a round");
      }
    }

    static Sample of(Round round) {
      return new Sample(
          round.response().p50(),
          round.response().p95(),
          round.response().p99(),
          round.throughput(),
          round.histogram());
    }
  }

  /** A run of a report of one target, whose rounds are all whole. */
  public static Run run(BenchReport report) {
    return new Run(
        report.at(),
        report.version(),
        report.targets().get(0).rounds().stream().map(Sample::of).toList());
  }

  /** A baseline of one run. */
  public static Baseline of(BenchReport report) {
    return new Baseline(report.identity(), report.machine(), List.of(run(report)));
  }

  /** This with one more run. */
  public Baseline with(BenchReport report) {
    List<Run> all = new ArrayList<>(runs);
    all.add(run(report));
    return new Baseline(
        identity, machine, all.subList(Math.max(0, all.size() - MOST_RUNS), all.size()));
  }

  /**
   * Refuses what must not be compared.
   *
   * @param now what will be asked and how
   * @throws TidelineException {@code BASELINE_UNLIKE}, naming each difference
   */
  public void requireLike(Map<String, String> now, Machine here) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>(identity.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      String then = identity.getOrDefault(key, "none");
      String today = now.getOrDefault(key, "none");
      if (!then.equals(today)) {
        differences.add(key + " was " + then + " and is " + today);
      }
    }
    if (!machine.isLike(here)) {
      differences.add("the machine was " + machine.words() + " and is " + here.words());
    }
    if (!differences.isEmpty()) {
      throw new TidelineException(
          ErrorCode.BASELINE_UNLIKE,
          "Cannot compare with this baseline: " + String.join("; ", differences) + ".",
          "Nothing was asked.",
          "Ask as the baseline was asked, or keep another one in a file of its own.");
    }
  }
}
