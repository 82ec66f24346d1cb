package io.tideline.maintenance.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Forecast;
import io.tideline.health.Growth;
import io.tideline.health.Growth.Point;
import io.tideline.health.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GrowthTest {
  private static final Instant START = Instant.parse("2026-10-01T06:00:00Z");

  @TempDir Path folder;

  private static List<Point> days(long... bytes) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < bytes.length; i++) {
      points.add(new Point(START.plus(Duration.ofDays(i)), bytes[i]));
    }
    return points;
  }

  @Test
  void steadyGrowthIsToldAsItIs() {
    Growth growth = GrowthJudge.of(days(1_000, 1_100, 1_200, 1_300)).orElseThrow();
    assertThat(growth.lowPerDay()).isEqualTo(100);
    assertThat(growth.perDay()).isEqualTo(100);
    assertThat(growth.highPerDay()).isEqualTo(100);

    Forecast forecast = GrowthJudge.forecast(growth, 4_100).orElseThrow();
    assertThat(GrowthJudge.days(forecast)).isEqualTo("in 41 days");
    assertThat(forecast.basis()).isEqualTo("4 inspections in 3 d");
    assertThat(GrowthJudge.finding(forecast, growth)).isEmpty();
  }

  @Test
  void unsteadyGrowthHasASpan() {
    Growth growth = GrowthJudge.of(days(0, 50, 250, 300, 400, 420, 560)).orElseThrow();
    Forecast forecast = GrowthJudge.forecast(growth, 1_800).orElseThrow();
    assertThat(forecast.earliestDays()).isLessThan(forecast.latestDays().orElseThrow());
    Finding finding = GrowthJudge.finding(forecast, growth).orElseThrow();
    assertThat(finding.check()).isEqualTo(Check.DISK_FILLING);
    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    assertThat(finding.what()).matches("full in \\d+ to \\d+ days; it grows by \\d+ B a day");
    Forecast soon = GrowthJudge.forecast(growth, 200).orElseThrow();
    assertThat(GrowthJudge.finding(soon, growth).orElseThrow().severity())
        .isEqualTo(Severity.CRITICAL);
  }

  @Test
  void onePurgeDoesNotMislead() {
    Growth growth =
        GrowthJudge.of(days(1_000, 1_100, 1_200, 1_300, 1_400, 1_500, 1_600, 600)).orElseThrow();
    assertThat(growth.perDay()).isEqualTo(100);
  }

  @Test
  void fewPointsForecastNothing() {
    assertThat(GrowthJudge.of(days(1))).isEmpty();
    Growth two = GrowthJudge.of(days(1, 2)).orElseThrow();
    assertThat(GrowthJudge.forecast(two, 10)).isEmpty();
    Growth none = GrowthJudge.of(days(9, 6, 3, 1)).orElseThrow();
    assertThat(GrowthJudge.forecast(none, 10)).isEmpty();
  }

  @Test
  void theMemoryIsThinnedAndForgivesDamage() throws Exception {
    Memory memory = new Memory(folder);
    for (int hour = 0; hour < 24 * 20; hour += 12) {
      Instant at = START.plus(Duration.ofHours(hour));
      memory.add(new Memory.Line(at, "a", hour, Map.of("t", 5L)));
    }
    Files.writeString(folder.resolve("inspections.jsonl"), "{half a li", StandardOpenOption.APPEND);
    memory.add(new Memory.Line(START.plus(Duration.ofDays(20)), "b", 1, Map.of()));

    List<Memory.Line> lines = memory.of("a");
    assertThat(lines).hasSizeBetween(25, 30);
    assertThat(lines.get(0).at()).isEqualTo(START);
    assertThat(lines.get(0).tables()).containsEntry("t", 5L);
    assertThat(memory.of("b")).hasSize(1);
  }

  @Test
  void whoInspectsOftenForgetsNoOlderDay() {
    Memory memory = new Memory(folder);
    memory.add(new Memory.Line(START.minus(Duration.ofDays(30)), "a", 1, Map.of()));
    memory.add(new Memory.Line(START.minus(Duration.ofDays(30)), "b", 1, Map.of()));
    for (int i = 0; i < Memory.MOST + 50; i++) {
      memory.add(new Memory.Line(START.plus(Duration.ofMinutes(5L * i)), "a", i, Map.of()));
    }
    List<Memory.Line> lines = memory.of("a");
    assertThat(lines).hasSizeBetween(38, 40);
    assertThat(lines.get(0).at()).isEqualTo(START.minus(Duration.ofDays(30)));
    assertThat(memory.of("b")).hasSize(1);
  }
}
