package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The application's own code throws what nobody expects, or calls back. */
@Timeout(120)
final class CallbackFailureTest {
  private static final String ROWS = "CREATE TABLE numbers (n BIGINT PRIMARY KEY)";
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Long> aside = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /** As code in other languages does, which knows no checked exceptions. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException thrown(Throwable any) throws E {
    throw (E) any;
  }

  private static BatchInsert<Long> insert(Throwable poison) {
    return BatchInsert.into(
        "numbers",
        List.of("n"),
        (statement, row) -> {
          if (row == 13) {
            throw CallbackFailureTest.<RuntimeException>thrown(poison);
          }
          statement.setLong(1, row);
        });
  }

  @ParameterizedTest
  @EnumSource
  void aWorkIsRolledBackWhateverItThrows(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(ROWS);
    try (Database database = test.open()) {
      assertThatThrownBy(
              () ->
                  database.write(
                      session -> {
                        session.update("INSERT INTO numbers VALUES (1)");
                        throw CallbackFailureTest.<RuntimeException>thrown(new IOException("x"));
                      }))
          .isInstanceOf(IOException.class);
      assertThat(test.count("SELECT count(*) FROM numbers")).isZero();
      database.write(session -> session.update("INSERT INTO numbers VALUES (2)"));
      assertThat(test.count("SELECT count(*) FROM numbers")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {StackOverflowError.class, AssertionError.class, IOException.class})
  void aRowWhoseBindingThrowsAnythingIsPoison(Class<? extends Throwable> what) throws Exception {
    Throwable poison = what.getConstructor().newInstance();
    TestDatabase test = Kind.SQLITE.fresh(folder);
    test.execute(ROWS);
    try (Database database = test.open();
        BufferedWriter<Long> writer =
            BufferedWriter.to(
                    database, insert(poison), (Long row, StoreException why) -> aside.add(row))
                .flushEvery(LONG)
                .start()) {
      for (long n = 0; n < 40; n++) {
        writer.write(n);
      }
      assertThat(writer.flush(LONG)).isTrue();
      assertThat(writer.trouble()).isEmpty();
    }
    assertThat(aside).containsExactly(13L);
    assertThat(test.count("SELECT count(*) FROM numbers")).isEqualTo(39);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aListenerThatThrowsAnythingEndsNothing(boolean same) {
    TestDatabase test = Kind.SQLITE.fresh(folder);
    test.execute(ROWS);
    AtomicInteger heard = new AtomicInteger();
    try (Database database = test.open();
        BufferedWriter<Long> writer =
            BufferedWriter.to(
                    database,
                    insert(new IllegalStateException()),
                    (Long row, StoreException why) -> {
                      heard.incrementAndGet();
                      throw CallbackFailureTest.<RuntimeException>thrown(
                          same ? why : new AssertionError("listener"));
                    })
                .flushEvery(LONG)
                .start()) {
      writer.write(13L);
      writer.write(14L);
      assertThat(writer.flush(LONG)).isTrue();
      writer.write(15L);
      assertThat(writer.flush(LONG)).isTrue();
    }
    assertThat(heard).hasValue(1);
    assertThat(test.count("SELECT count(*) FROM numbers")).isEqualTo(2);
  }

  /** It is called on the thread that the close would wait for. */
  @Test
  void aListenerMayCloseTheWriter() throws Exception {
    TestDatabase test = Kind.SQLITE.fresh(folder);
    test.execute(ROWS);
    AtomicReference<BufferedWriter<Long>> itself = new AtomicReference<>();
    CountDownLatch closed = new CountDownLatch(1);
    try (Database database = test.open()) {
      BufferedWriter<Long> writer =
          BufferedWriter.to(
                  database,
                  insert(new IllegalStateException()),
                  (Long row, StoreException why) -> {
                    itself.get().close();
                    closed.countDown();
                  })
              .flushRows(2)
              .flushEvery(LONG)
              .closeWithin(Duration.ofSeconds(1))
              .start();
      itself.set(writer);
      for (long n = 12; n < 15; n++) {
        writer.write(n);
      }
      assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
      writer.close();
      assertThat(writer.flush(LONG)).isTrue();
    }
    assertThat(test.count("SELECT count(*) FROM numbers")).isEqualTo(2);
  }

  @Test
  void readersOfASharedLoadHearWhateverItThrows() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    SnapshotCache<Integer> cache =
        SnapshotCache.of(
                "failing",
                LONG,
                (Supplier<Integer>)
                    () -> {
                      loading.countDown();
                      try {
                        goOn.await();
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                      throw CallbackFailureTest.<RuntimeException>thrown(new IOException("away"));
                    })
            .make();
    Future<Integer> first = threads.submit(cache::get);
    loading.await();
    Future<Integer> second = threads.submit(cache::get);
    goOn.countDown();
    assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS)).hasRootCauseMessage("away");
    assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS)).hasRootCauseMessage("away");
  }

  @Test
  void aRefreshThatNoThreadTakesLeavesTheStaleValue() {
    AtomicLong nanos = new AtomicLong();
    AtomicInteger loads = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    SnapshotCache<Integer> cache =
        SnapshotCache.of("busy", LONG, loads::incrementAndGet)
            .staleFor(LONG)
            .ticker(nanos::get)
            .refreshedOn(
                task -> {
                  if (refused.getAndIncrement() == 0) {
                    throw new RejectedExecutionException("full");
                  }
                  task.run();
                })
            .make();
    assertThat(cache.get()).isEqualTo(1);
    nanos.addAndGet(LONG.plusSeconds(1).toNanos());
    assertThat(cache.get()).as("stale, and nobody loads").isEqualTo(1);
    assertThat(cache.get()).as("stale, and loaded behind it").isEqualTo(1);
    assertThat(cache.get()).isEqualTo(2);
  }
}
