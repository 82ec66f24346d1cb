package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RefresherTest {
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path folder;

  private final List<String> failed = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger commits = new AtomicInteger();
  private TestDatabase test;
  private BatchWork<String> store;

  @BeforeEach
  void make() {
    test = Kind.SQLITE.fresh(folder);
    test.execute("CREATE TABLE usage (account TEXT CHECK (account <> 'bad'))");
    BatchInsert<String> insert =
        BatchInsert.into(
            "usage", List.of("account"), (statement, row) -> statement.setString(1, row));
    store =
        (session, rows) -> {
          commits.incrementAndGet();
          insert.write(session, rows);
        };
  }

  private RefresherOpening<String, String> refresher(
      List<String> keys, RefresherOpening.Fetch<String, String> fetch) {
    return Refresher.of("usage", () -> keys, fetch, store)
        .every(LONG, Duration.ZERO)
        .onFailure((key, why) -> failed.add(key + ": " + why.getClass().getSimpleName()));
  }

  @Test
  void aRoundIsOneCommit() {
    AtomicInteger after = new AtomicInteger();
    try (Database database = test.open();
        Refresher<String, String> refresher =
            refresher(List.of("a", "b", "c"), key -> key)
                .afterwards(after::incrementAndGet)
                .start(database)) {
      assertThat(refresher.round()).isEqualTo(new Refresher.Round(3, 0));
      assertThat(commits).hasValue(1);
      assertThat(after).hasValue(1);
    }
    assertThat(test.count("SELECT count(*) FROM usage")).isEqualTo(3);
  }

  @Test
  void oneThatFailsHangsOrIsRefusedHurtsNoOther() {
    CountDownLatch never = new CountDownLatch(1);
    try (Database database = test.open();
        Refresher<String, String> refresher =
            refresher(
                    List.of("a", "down", "hangs", "bad", "z"),
                    key -> {
                      if (key.equals("down")) {
                        throw new java.io.IOException("unreachable");
                      }
                      if (key.equals("hangs")) {
                        never.await();
                      }
                      return key;
                    })
                .within(Duration.ofMillis(500))
                .start(database)) {
      assertThat(refresher.round()).isEqualTo(new Refresher.Round(2, 3));
    }
    assertThat(failed)
        .containsExactly("down: IOException", "hangs: TimeoutException", "bad: StoreException");
    assertThat(test.count("SELECT count(*) FROM usage")).isEqualTo(2);
  }

  @Test
  void aRoundThatCannotBeWrittenIsToldAndTheNextGoesOn() throws Exception {
    try (Database database = test.open();
        Refresher<String, String> refresher = refresher(List.of("a"), key -> key).start(database)) {
      try (AutoCloseable lock = test.lock("usage")) {
        assertThatThrownBy(refresher::round).hasMessageContaining("others held its lock");
      }
      assertThat(refresher.round()).isEqualTo(new Refresher.Round(1, 0));
    }
  }

  @Test
  void roundsComeByThemselvesAndEndWithTheClose() throws Exception {
    CountDownLatch rounds = new CountDownLatch(3);
    try (Database database = test.open()) {
      Refresher<String, String> refresher =
          refresher(List.of("a"), key -> key)
              .every(Duration.ofMillis(5), Duration.ofMillis(2))
              .afterwards(
                  () -> {
                    rounds.countDown();
                    throw new IllegalStateException("a failure of the listener");
                  })
              .start(database);
      assertThat(rounds.await(60, TimeUnit.SECONDS)).isTrue();
      refresher.close();
      int then = commits.get();
      assertThatThrownBy(refresher::round)
          .isInstanceOf(java.util.concurrent.RejectedExecutionException.class);
      assertThat(commits).hasValue(then);
    }
  }

  @Test
  void aJitterAsLongAsThePauseIsRefused() {
    assertThatThrownBy(
            () ->
                refresher(List.of(), key -> key)
                    .every(Duration.ofSeconds(1), Duration.ofSeconds(1)))
        .hasMessage("The jitter must be below the pause that it varies");
  }
}
