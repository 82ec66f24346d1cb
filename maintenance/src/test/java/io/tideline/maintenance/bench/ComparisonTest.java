package io.tideline.maintenance.bench;

import static io.tideline.maintenance.bench.Comparison.Verdict.BETTER;
import static io.tideline.maintenance.bench.Comparison.Verdict.NO_DIFFERENCE;
import static io.tideline.maintenance.bench.Comparison.Verdict.TOO_FEW_ROUNDS;
import static io.tideline.maintenance.bench.Comparison.Verdict.WORSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  private static final Machine HERE = new Machine("Linux", "a processor", 2, "17");

  /** Rounds whose times are all so many milliseconds, and whose throughput is 1,000 / ms. */
  private static Baseline.Run run(double... millis) {
    return new Baseline.Run(
        Instant.parse("2026-05-02T10:00:00Z"),
        "1.0",
        Arrays.stream(millis)
            .mapToObj(
                each -> {
                  Duration time = Duration.ofNanos((long) (each * 1e6));
                  return new Baseline.Sample(time, time, time, 1_000 / each, "");
                })
            .toList());
  }

  private static Comparison compared(List<Baseline.Run> before, Baseline.Run now) {
    return Comparison.of(new Baseline(Map.of("target", "q"), HERE, before), now);
  }

  @Test
  void roundsThatAllLieApartAreBetterOrWorse() {
    Baseline.Run fast = run(10, 10.5, 9.8, 10.2, 10.1);
    Baseline.Run slow = run(12, 12.4, 11.9, 12.2, 12.1);

    Comparison worse = compared(List.of(fast), slow);
    assertThat(worse.figures()).extracting(Comparison.Figure::verdict).containsOnly(WORSE);
    assertThat(worse.isWorse()).isTrue();
    assertThat(worse.figures().get(0).before()).isEqualTo(10.1);
    assertThat(worse.figures().get(0).now()).isEqualTo(12.1);
    assertThat(worse.figures().get(0).probability()).isCloseTo(2.0 / 252, within(1e-12));
    assertThat(worse.with()).isEqualTo("the baseline of 2026-05-02T10:00:00Z (1 run, 1.0)");
    Comparison better = compared(List.of(slow), fast);
    assertThat(better.figures()).extracting(Comparison.Figure::verdict).containsOnly(BETTER);
    assertThat(better.isWorse()).isFalse();
  }

  @Test
  void roundsThatOverlapAreNoDifference() {
    assertThat(compared(List.of(run(10, 14, 9, 12, 11)), run(12, 15, 11.5, 13, 10.5)).figures())
        .extracting(Comparison.Figure::verdict)
        .containsOnly(NO_DIFFERENCE);
  }

  @Test
  void whatIsSureButSmallIsNoDifference() {
    assertThat(
            compared(List.of(run(10, 10, 10, 10, 10)), run(10.3, 10.3, 10.3, 10.3, 10.3)).figures())
        .extracting(Comparison.Figure::verdict)
        .containsOnly(NO_DIFFERENCE);
  }

  @Test
  void runsOfTheBaselineTellHowFarRunsLieApart() {
    Baseline.Run now = run(12, 12.1, 12.2, 12.3, 12.4);
    Baseline.Run usual = run(10, 10.1, 10.2, 10.3, 10.4);
    Baseline.Run badDay = run(12.5, 12.6, 12.7, 12.8, 12.9);

    assertThat(compared(List.of(usual, usual, usual), now).isWorse()).isTrue();
    assertThat(compared(List.of(usual, usual, usual, badDay), now).isWorse()).isFalse();
  }

  @Test
  void fewRoundsTellNothing() {
    assertThat(compared(List.of(run(10, 10, 10, 10)), run(90, 90, 90, 90)).figures())
        .extracting(Comparison.Figure::verdict)
        .containsOnly(TOO_FEW_ROUNDS);
    assertThat(compared(List.of(run(10, 10, 10, 10)), run()).figures())
        .extracting(Comparison.Figure::verdict)
        .containsOnly(TOO_FEW_ROUNDS);
  }

  @Test
  void noiseAloneIsHardlyEverTakenForADifference() {
    SplittableRandom chance = new SplittableRandom(5);
    int told = 0;
    for (int i = 0; i < 1_000; i++) {
      Baseline.Run[] both = {noise(chance), noise(chance)};
      told += compared(List.of(both[0]), both[1]).isWorse() ? 1 : 0;
    }
    // All four figures of a round are one here; one percent of chance, half of it to the worse.
    assertThat(told).isLessThan(20);
  }

  private static Baseline.Run noise(SplittableRandom chance) {
    double[] millis = new double[7];
    Arrays.setAll(millis, i -> 10 * Math.exp(0.3 * chance.nextGaussian()));
    return run(millis);
  }

  @Test
  void manyValuesAreJudgedAlikeByTheNormalDistribution() {
    List<Double> one = new ArrayList<>();
    List<Double> other = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      one.add((double) i);
      other.add(i + 8.5);
    }
    assertThat(RankTest.probability(one, other)).isBetween(0.0003, 0.01);
    assertThat(RankTest.probability(one, one)).isCloseTo(1, within(0.02));
    assertThat(RankTest.probability(List.of(1.0, 2.0), List.of(1.0, 2.0))).isEqualTo(1);
    assertThat(RankTest.probability(List.of(), List.of(1.0))).isEqualTo(1);
    // scipy.stats.mannwhitneyu([1, 2, 3, 4, 7], [5, 6, 8, 9, 10], method='exact')
    assertThat(
            RankTest.probability(
                List.of(1.0, 2.0, 3.0, 4.0, 7.0), List.of(5.0, 6.0, 8.0, 9.0, 10.0)))
        .isCloseTo(8.0 / 252, within(1e-12));
  }

  @Test
  void aBaselineOfOtherParametersOrAnotherMachineIsRefused() {
    Baseline baseline = new Baseline(Map.of("target", "q", "rate", "100/s"), HERE, List.of(run(1)));

    baseline.requireLike(
        Map.of("target", "q", "rate", "100/s"), new Machine("Linux", "a processor", 2, "21"));
    assertThatThrownBy(
            () ->
                baseline.requireLike(
                    Map.of("target", "q", "rate", "50/s", "cold", "true"),
                    new Machine("Linux", "a processor", 8, "17")))
        .hasMessage(
            "Cannot compare with this baseline: cold was none and is true; rate was 100/s and is"
                + " 50/s; the machine was Linux, 2 processors (a processor) and is Linux, 8"
                + " processors (a processor). Nothing was asked. Ask as the baseline was asked, or"
                + " keep another one in a file of its own.");
  }
}
