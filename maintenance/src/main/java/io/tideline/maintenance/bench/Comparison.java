package io.tideline.maintenance.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Whether figures differ by more than noise.
 *
 * @param with what they are compared with, in words
 * @param figures each figure by itself
 */
public record Comparison(String with, List<Figure> figures) {
  /** So unlikely must chance be: with it, five rounds of each must all lie apart. */
  static final double LEVEL = 0.01;

  /** Less than this nobody needs to know. */
  static final double LEAST = 0.05;

  /** Copies the list. */
  public Comparison {
    figures = List.copyOf(figures);
  }

  /** What is said of a figure. */
  public enum Verdict {
    /** By more than noise. */
    BETTER,
    /** By more than noise. */
    WORSE,
    /** What there is may be noise, or is too small to matter. */
    NO_DIFFERENCE,
    /** There are too few rounds for any verdict. */
    TOO_FEW_ROUNDS
  }

  /**
   * One figure.
   *
   * @param name {@code p50}, {@code p95}, {@code p99} in milliseconds, {@code throughput} a second
   * @param before the median of the rounds of what is compared with
   * @param now the median of the rounds of now
   * @param change the share by which now differs: 0.1 is ten percent more
   * @param probability how likely chance alone would part the rounds so far
   * @param verdict what follows
   */
  public record Figure(
      String name, double before, double now, double change, double probability, Verdict verdict) {}

  /** Whether any figure became worse. */
  public boolean isWorse() {
    return figures.stream().anyMatch(figure -> figure.verdict() == Verdict.WORSE);
  }

  /** Compares a run with a baseline. */
  public static Comparison of(Baseline baseline, Baseline.Run now) {
    String with =
        String.format(
            Locale.ROOT,
            "the baseline of %s (%d %s, %s)",
            baseline.runs().get(baseline.runs().size() - 1).at(),
            baseline.runs().size(),
            baseline.runs().size() == 1 ? "run" : "runs",
            baseline.runs().get(baseline.runs().size() - 1).version());
    return of(with, baseline.runs(), now);
  }

  /** Compares a run with others. */
  static Comparison of(String with, List<Baseline.Run> before, Baseline.Run now) {
    List<Figure> figures = new ArrayList<>();
    figures.add(figure("p50", before, now, sample -> sample.p50().toNanos() / 1e6, -1));
    figures.add(figure("p95", before, now, sample -> sample.p95().toNanos() / 1e6, -1));
    figures.add(figure("p99", before, now, sample -> sample.p99().toNanos() / 1e6, -1));
    figures.add(figure("throughput", before, now, Baseline.Sample::throughput, 1));
    return new Comparison(with, figures);
  }

  /**
   * @param good 1 if more of it is better, -1 if less is
   */
  private static Figure figure(
      String name,
      List<Baseline.Run> before,
      Baseline.Run now,
      ToDoubleFunction<Baseline.Sample> of,
      int good) {
    List<Double> old =
        before.stream()
            .flatMap(run -> run.rounds().stream())
            .map(sample -> of.applyAsDouble(sample))
            .toList();
    List<Double> today = now.rounds().stream().map(sample -> of.applyAsDouble(sample)).toList();
    double then = median(old);
    double is = median(today);
    double change = then == 0 ? (is == 0 ? 0 : 1) : is / then - 1;
    double probability = RankTest.probability(old, today);
    List<Double> medians =
        before.stream()
            .map(run -> median(run.rounds().stream().map(s -> of.applyAsDouble(s)).toList()))
            .toList();
    return new Figure(
        name,
        then,
        is,
        change,
        probability,
        verdict(old.size(), today.size(), probability, change * good, within(medians, is)));
  }

  private static Verdict verdict(
      int rounds, int roundsNow, double probability, double gain, boolean usual) {
    if (RankTest.least(rounds, roundsNow) > LEVEL) {
      return Verdict.TOO_FEW_ROUNDS;
    }
    if (probability > LEVEL || Math.abs(gain) < LEAST || usual) {
      return Verdict.NO_DIFFERENCE;
    }
    return gain > 0 ? Verdict.BETTER : Verdict.WORSE;
  }

  /** Whether runs of the baseline differed so far from each other already. */
  private static boolean within(List<Double> medians, double value) {
    double least = medians.stream().mapToDouble(each -> each).min().orElse(value);
    double most = medians.stream().mapToDouble(each -> each).max().orElse(value);
    return medians.size() > 1 && value >= least && value <= most;
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(each -> each).sorted().toArray();
    int n = sorted.length;
    if (n == 0) {
      return 0;
    }
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }
}
