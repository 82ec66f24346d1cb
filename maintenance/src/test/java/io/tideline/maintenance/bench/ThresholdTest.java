package io.tideline.maintenance.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ThresholdTest {
  private static Latencies times(long millis) {
    Duration time = Duration.ofMillis(millis);
    return new Latencies(100, time, time, time, time, time, time, time);
  }

  private static final Round ROUND =
      new Round(
          Duration.ofSeconds(1),
          new Counts(1_000, 990, 5, 3, 2, 0, 990, Map.of()),
          990,
          times(30),
          times(20),
          times(10),
          "");

  private static TargetReport target(Optional<Round> whole) {
    return new TargetReport("q", "", "rows", Optional.empty(), whole, List.of(), List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "p99>29ms, true, 30.000 ms",
    "p99>30ms, false, 30.000 ms",
    "p99.9>0.0299s, true, 30.000 ms",
    "response.max > 29999us, true, 30.000 ms",
    "service.p50>19ms, true, 20.000 ms",
    "service.mean>20ms, false, 20.000 ms",
    "lag.p95>9ms, true, 10.000 ms",
    "lag.p90<11ms, true, 10.000 ms",
    "errors>4, true, 5",
    "errors>0.5%, false, 0.500%",
    "failed>0.9%, true, 1.000%",
    "timeouts>3, false, 3",
    "busy>0, true, 2",
    "shed>0, false, 0",
    "throughput<1000/s, true, 990.0/s",
    "throughput<990/s, false, 990.0/s"
  })
  void judges(String text, boolean failed, String found) {
    assertThat(Threshold.parse(text).judge(target(Optional.of(ROUND)), Optional.empty()))
        .isEqualTo(new Judged(text, "q", found, failed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p99>50",
        "p98>50ms",
        "errors>5ms",
        "throughput<5",
        "service.errors>0",
        "p99=5ms",
        "p99>ms",
        "",
        "better",
        "p99>1ms; drop"
      })
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> Threshold.parse(text))
        .hasMessageStartingWith("Cannot use '" + text + "' as a threshold. Nothing was asked.")
        .hasMessageContaining("p99>50ms");
  }

  @Test
  void aTimeOfNothingIsNoGoodTime() {
    assertThat(Threshold.parse("p99>1s").judge(target(Optional.empty()), Optional.empty()).failed())
        .isTrue();
    Latencies none =
        new Latencies(
            0,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO);
    Round empty =
        new Round(
            Duration.ofSeconds(1),
            new Counts(5, 0, 5, 0, 0, 0, 0, Map.of()),
            0,
            none,
            none,
            none,
            "");
    assertThat(Threshold.parse("p99>1s").judge(target(Optional.of(empty)), Optional.empty()))
        .isEqualTo(new Judged("p99>1s", "q", "nothing was answered", true));
  }

  @Test
  void worseAsksTheComparison() {
    Comparison worse =
        new Comparison(
            "before",
            List.of(
                new Comparison.Figure("p50", 1, 2, 1, 0, Comparison.Verdict.BETTER),
                new Comparison.Figure("p99", 1, 2, 1, 0, Comparison.Verdict.WORSE)));

    Threshold threshold = Threshold.parse("worse");
    assertThat(threshold.compares()).isTrue();
    assertThat(threshold.judge(target(Optional.of(ROUND)), Optional.of(worse)).failed()).isTrue();
    assertThat(threshold.judge(target(Optional.of(ROUND)), Optional.empty()).failed()).isFalse();
  }
}
