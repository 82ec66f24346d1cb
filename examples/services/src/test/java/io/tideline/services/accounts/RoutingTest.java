package io.tideline.services.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.store.SnapshotCache;
import io.tideline.store.StickySessions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which account serves, without a database. */
final class RoutingTest {
  private static final int KEYS = 100_000;

  private final AtomicReference<List<String>> pool = new AtomicReference<>(List.of("a", "b", "c"));
  private final AtomicInteger loads = new AtomicInteger();
  private final Routing routing =
      new Routing(
          SnapshotCache.of(
                  "routing",
                  Duration.ofHours(1),
                  () -> {
                    loads.incrementAndGet();
                    return pool.get();
                  })
              .make(),
          StickySessions.inMemory(2 * KEYS, Duration.ofHours(1)));

  private String account(int key) {
    return routing.account(Optional.of("session-" + key));
  }

  @Test
  void aHundredThousandSessionsStayEvenly() {
    Map<Integer, String> accounts =
        IntStream.range(0, KEYS).boxed().collect(Collectors.toMap(key -> key, this::account));
    assertThat(
            accounts.values().stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .values())
        .allMatch(count -> count > KEYS / 3 - 2);
    accounts.forEach((key, account) -> assertThat(account(key)).isEqualTo(account));
    // The pool was asked for once: nothing of this reads a database.
    assertThat(loads).hasValue(1);
  }

  @Test
  void anEventTakesAnAccountOutBeforeTheDatabaseKnows() {
    String before = account(1);
    routing.takeOut(before);
    String after = account(1);
    assertThat(after).isNotEqualTo(before);
    routing.takeIn(before);
    assertThat(account(1)).isEqualTo(after);
    assertThat(loads).hasValue(3);
  }
}
