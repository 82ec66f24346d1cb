package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TimeOrderedIdsTest {
  private static final Instant START = Instant.parse("2026-11-22T03:00:00.123Z");

  private final TestClock clock = new TestClock(START);
  private final TimeOrderedIds ids = new TimeOrderedIds(clock);

  @Test
  void holdsTheTimeAndIsOfVersionSeven() {
    UUID id = ids.next();
    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(TimeOrderedIds.time(id)).isEqualTo(START);
  }

  @Test
  void ascendsThoughTheClockStandsStillOrStepsBack() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      if (i == 5_000) {
        clock.set(START.minusSeconds(3_600));
      }
      made.add(ids.next().toString());
    }
    assertThat(made).isSorted().doesNotHaveDuplicates();
    clock.set(START.plusSeconds(60));
    assertThat(TimeOrderedIds.time(ids.next())).isEqualTo(START.plusSeconds(60));
  }

  @Test
  void isUniqueAmongThreads() {
    ConcurrentHashMap<UUID, Boolean> seen = new ConcurrentHashMap<>();
    IntStream.range(0, 50_000).parallel().forEach(i -> seen.put(ids.next(), true));
    assertThat(seen).hasSize(50_000);
  }

  @Test
  void anotherVersionHoldsNoTime() {
    assertThatThrownBy(() -> TimeOrderedIds.time(UUID.randomUUID()))
        .hasMessage("An id of version 4 holds no time");
  }
}
