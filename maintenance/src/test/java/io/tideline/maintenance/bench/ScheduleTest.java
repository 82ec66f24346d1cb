package io.tideline.maintenance.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
  private static List<Long> all(Schedule schedule) {
    List<Long> all = new ArrayList<>();
    for (long due = schedule.next(); due != Schedule.END; due = schedule.next()) {
      all.add(due);
    }
    return all;
  }

  @Test
  void fixedArrivalsDoNotDrift() {
    List<Long> due =
        all(new Schedule(Arrivals.FIXED, 3, 1_000, Duration.ofSeconds(100).toNanos(), 1));

    assertThat(due).hasSize(300);
    assertThat(due.get(0)).isEqualTo(1_000);
    assertThat(due.get(3)).isEqualTo(1_000_001_000L);
    assertThat(due.get(297)).isEqualTo(99_000_001_000L);
  }

  @Test
  void poissonArrivalsComeByTheSeedWithTheRateAndItsSpread() {
    long length = Duration.ofSeconds(100).toNanos();
    List<Long> due = all(new Schedule(Arrivals.POISSON, 100, 0, length, 42));

    assertThat(due).isSorted().hasSizeBetween(9_600, 10_400);
    assertThat(all(new Schedule(Arrivals.POISSON, 100, 0, length, 42))).isEqualTo(due);
    assertThat(all(new Schedule(Arrivals.POISSON, 100, 0, length, 43))).isNotEqualTo(due);
    // Gaps of a Poisson process vary as much as they are long; of a fixed rate, not at all.
    double mean = 0;
    double squares = 0;
    for (int i = 1; i < due.size(); i++) {
      double gap = (due.get(i) - due.get(i - 1)) / 1e7;
      mean += gap / (due.size() - 1);
      squares += gap * gap / (due.size() - 1);
    }
    assertThat(Math.sqrt(squares - mean * mean) / mean).isBetween(0.9, 1.1);
  }
}
