package io.tideline.benchmarks;

import io.tideline.maintenance.bench.Arrivals;
import io.tideline.maintenance.bench.Bench;
import io.tideline.maintenance.bench.BenchListener;
import io.tideline.maintenance.bench.HttpTarget;
import io.tideline.maintenance.bench.Latencies;
import io.tideline.maintenance.bench.Load;
import io.tideline.maintenance.bench.Round;
import io.tideline.maintenance.bench.Target;
import io.tideline.maintenance.bench.TargetReport;
import io.tideline.maintenance.bench.Ticker;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Addresses under load by the engine of {@code tideline bench}, and what they took. */
final class HttpLoad {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final Load load;

  /** What is asked. */
  record Side(String name, String url, String method, String body) {
    static Side get(String name, String url) {
      return new Side(name, url, "GET", "");
    }

    private Target target() {
      return new HttpTarget(
          name, URI.create(url), method, Map.of(), body.getBytes(StandardCharsets.UTF_8), TIMEOUT);
    }
  }

  /** What a side took, round by round. */
  record Taken(Side side, TargetReport report) {
    /** The median of the rounds, in milliseconds. */
    double millis(Function<Latencies, Duration> figure) {
      List<Double> sorted =
          report.rounds().stream()
              .map(round -> figure.apply(round.response()).toNanos() / 1e6)
              .sorted()
              .toList();
      return sorted.get(sorted.size() / 2);
    }

    double p50() {
      return millis(Latencies::p50);
    }

    double p95() {
      return millis(Latencies::p95);
    }

    double p99() {
      return millis(Latencies::p99);
    }

    long failed() {
      return report.whole().map(whole -> whole.counts().failed()).orElse(0L);
    }

    /** Every round, and the median of all. */
    void print(String what) {
      List<Round> rounds = report.rounds();
      for (int i = 0; i < rounds.size(); i++) {
        Latencies took = rounds.get(i).response();
        line(what, "round " + (i + 1), ms(took.p50()), ms(took.p95()), ms(took.p99()), took);
      }
      line(what, "median", p50(), p95(), p99(), report.whole().orElseThrow().response());
      if (failed() > 0) {
        System.out.println("    not answered: " + report.whole().orElseThrow().counts());
      }
    }

    private void line(
        String what, String which, double p50, double p95, double p99, Latencies took) {
      System.out.printf(
          Locale.ROOT,
          "%-40s %-22s %-8s p50 %8.2f ms, p95 %8.2f, p99 %8.2f, max %8.2f, %,d requests%n",
          what,
          side.name(),
          which,
          p50,
          p95,
          p99,
          ms(took.max()),
          took.count());
    }

    private static double ms(Duration duration) {
      return duration.toNanos() / 1e6;
    }
  }

  /**
   * A load.
   *
   * @param rate requests a second, whether earlier ones are answered or not; empty for one after
   *     the other
   */
  HttpLoad(Optional<Double> rate, int concurrency, int rounds, Duration round) {
    this.load =
        new Load(
            rate,
            Arrivals.POISSON,
            concurrency,
            rounds,
            round,
            rate.isPresent() ? Duration.ofSeconds(5) : Duration.ZERO,
            TIMEOUT,
            100_000,
            false,
            1);
  }

  /** Asks the sides in turn, round by round. */
  List<Taken> measure(Side... sides) {
    List<Target> targets = new ArrayList<>();
    for (Side side : sides) {
      targets.add(side.target());
    }
    List<TargetReport> reports =
        new Bench(
                targets,
                load,
                "benchmarks",
                io.tideline.maintenance.bench.Machine.here(),
                Clock.systemUTC(),
                Ticker.SYSTEM)
            .run(BenchListener.NONE)
            .targets();
    List<Taken> taken = new ArrayList<>();
    for (int i = 0; i < sides.length; i++) {
      taken.add(new Taken(sides[i], reports.get(i)));
    }
    return taken;
  }
}
