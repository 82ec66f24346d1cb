package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class SnapshotCacheTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger loads = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private SnapshotCacheOpening<Integer> cache(Duration ttl) {
    return SnapshotCache.of("numbers", ttl, loads::incrementAndGet).ticker(nanos::get);
  }

  private void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  @Test
  void keepsAValueForItsTime() {
    SnapshotCache<Integer> cache = cache(Duration.ofSeconds(30)).make();
    assertThat(cache.get()).isEqualTo(1);
    pass(Duration.ofSeconds(29));
    assertThat(cache.get()).isEqualTo(1);
    assertThat(cache.hitRate()).isEqualTo(0.5);
    pass(Duration.ofSeconds(1));
    assertThat(cache.get()).isEqualTo(2);
  }

  @Test
  void zeroTurnsItOff() {
    SnapshotCache<Integer> cache = cache(Duration.ZERO).make();
    assertThat(List.of(cache.get(), cache.get(), cache.get())).containsExactly(1, 2, 3);
    cache.invalidate();
  }

  @Test
  void readsThatMissTogetherShareOneLoad() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    SnapshotCache<Integer> cache =
        SnapshotCache.of(
                "slow",
                Duration.ofMinutes(1),
                () -> {
                  loading.countDown();
                  await(goOn);
                  return loads.incrementAndGet();
                })
            .make();
    List<Future<Integer>> readers = new ArrayList<>();
    readers.add(threads.submit(cache::get));
    loading.await();
    for (int i = 0; i < 20; i++) {
      readers.add(threads.submit(cache::get));
    }
    goOn.countDown();
    for (Future<Integer> reader : readers) {
      assertThat(reader.get()).isEqualTo(1);
    }
  }

  /** The bug that such caches have: a mutation during a load, and the load's value stays. */
  @Test
  void anInvalidationVoidsALoadUnderWay() throws Exception {
    AtomicInteger truth = new AtomicInteger(1);
    CountDownLatch hasRead = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    SnapshotCache<Integer> cache =
        SnapshotCache.of(
                "truth",
                Duration.ofMinutes(1),
                () -> {
                  int value = truth.get();
                  if (loads.incrementAndGet() == 1) {
                    hasRead.countDown();
                    await(goOn);
                  }
                  return value;
                })
            .make();
    Future<Integer> early = threads.submit(cache::get);
    hasRead.await();
    truth.set(2);
    cache.invalidate();
    assertThat(cache.get()).as("while the old load is under way").isEqualTo(2);
    goOn.countDown();
    assertThat(early.get()).as("it began before").isEqualTo(1);
    assertThat(cache.get()).as("after it has ended").isEqualTo(2);
  }

  @Test
  void aStaleValueServesWhileOneLoadRunsBehindIt() {
    List<Runnable> background = new ArrayList<>();
    SnapshotCache<Integer> cache =
        cache(Duration.ofSeconds(10))
            .staleFor(Duration.ofSeconds(20))
            .refreshedOn(background::add)
            .make();
    assertThat(cache.get()).isEqualTo(1);
    pass(Duration.ofSeconds(11));
    assertThat(List.of(cache.get(), cache.get())).containsExactly(1, 1);
    assertThat(background).hasSize(1);
    background.remove(0).run();
    assertThat(cache.get()).isEqualTo(2);
    pass(Duration.ofSeconds(31));
    assertThat(cache.get()).as("too stale").isEqualTo(3);
  }

  @Test
  void anInvalidationVoidsARefreshUnderWay() {
    List<Runnable> background = new ArrayList<>();
    AtomicInteger truth = new AtomicInteger(1);
    List<Runnable> duringLoad = new ArrayList<>();
    SnapshotCache<Integer> cache =
        SnapshotCache.of(
                "truth",
                Duration.ofSeconds(10),
                () -> {
                  int value = truth.get();
                  duringLoad.forEach(Runnable::run);
                  return value;
                })
            .ticker(nanos::get)
            .staleFor(Duration.ofSeconds(20))
            .refreshedOn(background::add)
            .make();
    cache.get();
    pass(Duration.ofSeconds(11));
    cache.get();
    duringLoad.add(
        () -> {
          duringLoad.clear();
          truth.set(2);
          cache.invalidate();
        });
    background.remove(0).run();
    assertThat(cache.get()).isEqualTo(2);
  }

  @Test
  void aFailureIsNotKept() {
    SnapshotCache<Integer> cache =
        SnapshotCache.of(
                "fails",
                Duration.ofMinutes(1),
                () -> {
                  if (loads.incrementAndGet() == 1) {
                    throw new IllegalStateException("down");
                  }
                  return 5;
                })
            .make();
    assertThatThrownBy(cache::get).hasMessage("down");
    assertThat(cache.get()).isEqualTo(5);
  }

  @Test
  void aRefreshThatFailsLeavesTheStaleValueAndIsTriedAgain() {
    List<Runnable> background = new ArrayList<>();
    SnapshotCache<Integer> cache =
        SnapshotCache.of(
                "fails",
                Duration.ofSeconds(10),
                () -> {
                  if (loads.incrementAndGet() == 2) {
                    throw new IllegalStateException("down");
                  }
                  return loads.get();
                })
            .ticker(nanos::get)
            .staleFor(Duration.ofSeconds(20))
            .refreshedOn(background::add)
            .make();
    cache.get();
    pass(Duration.ofSeconds(11));
    cache.get();
    background.remove(0).run();
    assertThat(cache.get()).isEqualTo(1);
    background.remove(0).run();
    assertThat(cache.get()).isEqualTo(3);
  }

  /** Such as one that was shut down while requests are still answered. */
  @Test
  void anExecutorThatTakesNoWorkLeavesTheStaleValue() {
    List<Runnable> background = new ArrayList<>();
    AtomicBoolean open = new AtomicBoolean();
    SnapshotCache<Integer> cache =
        cache(Duration.ofSeconds(10))
            .staleFor(Duration.ofSeconds(20))
            .refreshedOn(
                task -> {
                  if (!open.get()) {
                    throw new RejectedExecutionException("shut down");
                  }
                  background.add(task);
                })
            .make();
    cache.get();
    pass(Duration.ofSeconds(11));
    assertThat(cache.get()).isEqualTo(1);
    open.set(true);
    assertThat(cache.get()).isEqualTo(1);
    background.remove(0).run();
    assertThat(cache.get()).isEqualTo(2);
  }

  @Test
  void itsMetersHaveTheNamesThatCachesHave() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    SnapshotCache<Integer> cache = cache(Duration.ofSeconds(30)).meters(meters).make();
    cache.get();
    cache.get();
    assertThat(meters.get("cache.gets").tag("result", "hit").functionCounter().count())
        .isEqualTo(1);
    assertThat(meters.get("cache.gets").tag("result", "miss").functionCounter().count())
        .isEqualTo(1);
    assertThat(meters.get("cache.load.duration").tag("cache", "numbers").timeGauge()).isNotNull();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
