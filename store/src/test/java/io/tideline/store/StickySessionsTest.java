package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every backend of sticky sessions does, and what only one of them does. */
final class StickySessionsTest {
  private static final Duration UNUSED = Duration.ofMinutes(30);
  private static final Instant START = Instant.parse("2026-11-22T03:00:00Z");

  enum Backend {
    MEMORY,
    SQLITE,
    POSTGRESQL
  }

  @TempDir Path folder;

  private final TestClock clock = new TestClock(START);
  private final List<Database> opened = new ArrayList<>();
  private final AtomicInteger choices = new AtomicInteger();

  @AfterEach
  void close() {
    opened.forEach(Database::close);
  }

  private StickySessions<String> open(Backend backend) {
    if (backend == Backend.MEMORY) {
      return new MemoryStickySessions<>(
          1_000, UNUSED, () -> Duration.between(START, clock.instant()).toNanos());
    }
    return open(Kind.valueOf(backend.name()).fresh(folder));
  }

  private StickySessions<String> open(TestDatabase test) {
    Database database = test.openPatient();
    opened.add(database);
    return StickySessions.inDatabase(database, UNUSED, clock);
  }

  private String inTurn(Collection<String> pool) {
    return List.copyOf(pool).get(choices.getAndIncrement() % pool.size());
  }

  @ParameterizedTest
  @EnumSource
  void aKeyStaysWithItsTarget(Backend backend) {
    StickySessions<String> sticky = open(backend);
    List<String> pool = List.of("a", "b", "c");
    assertThat(sticky.current("k")).isEmpty();
    assertThat(sticky.target("k", pool, this::inTurn)).contains("a");
    assertThat(sticky.target("l'; DROP TABLE sticky_sessions; --", pool, this::inTurn))
        .contains("b");
    assertThat(sticky.target("k", List.of("c", "a"), this::inTurn)).contains("a");
    assertThat(sticky.current("k")).contains("a");
    sticky.forget("k");
    assertThat(sticky.current("k")).isEmpty();
    assertThat(sticky.current("l'; DROP TABLE sticky_sessions; --")).contains("b");
  }

  @ParameterizedTest
  @EnumSource
  void aTargetOutsideThePoolIsReplaced(Backend backend) {
    StickySessions<String> sticky = open(backend);
    sticky.target("k", List.of("a"), this::inTurn);
    assertThat(sticky.target("k", List.of("b"), this::inTurn)).contains("b");
    assertThat(sticky.target("k", List.of("a", "b"), pool -> "a")).as("for good").contains("b");
    assertThat(sticky.target("k", List.of(), this::inTurn)).isEmpty();
    assertThat(sticky.current("k")).contains("b");
    assertThatThrownBy(() -> sticky.target("k", List.of("c"), pool -> "z"))
        .hasMessage("A target was chosen that is not in the pool");
    assertThat(sticky.current("k")).contains("b");
  }

  @ParameterizedTest
  @EnumSource
  void aTargetIsForgottenEverywhere(Backend backend) {
    StickySessions<String> sticky = open(backend);
    for (int i = 0; i < 10; i++) {
      String target = i % 2 == 0 ? "a" : "b";
      sticky.target("k" + i, List.of("a", "b"), pool -> target);
    }
    assertThat(sticky.forgetTarget("a")).isEqualTo(5);
    assertThat(sticky.current("k0")).isEmpty();
    assertThat(sticky.current("k1")).contains("b");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotUsedExpires(Backend backend) {
    StickySessions<String> sticky = open(backend);
    List<String> pool = List.of("a", "b");
    sticky.target("used", pool, all -> "a");
    sticky.target("idle", pool, all -> "a");
    for (int i = 0; i < 4; i++) {
      clock.advance(Duration.ofMinutes(10));
      assertThat(sticky.target("used", pool, all -> "b")).contains("a");
    }
    assertThat(sticky.current("idle")).isEmpty();
    assertThat(sticky.target("idle", pool, all -> "b")).contains("b");
  }

  @ParameterizedTest
  @EnumSource
  void firstRequestsOfOneKeyAgree(Backend backend) throws Exception {
    StickySessions<String> sticky = open(backend);
    List<String> pool = List.of("a", "b", "c", "d");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 20; round++) {
        String key = "k" + round;
        CyclicBarrier together = new CyclicBarrier(4);
        List<Future<Optional<String>>> asked = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          asked.add(
              threads.submit(
                  () -> {
                    together.await();
                    return sticky.target(key, pool, this::inTurn);
                  }));
        }
        Optional<String> agreed = sticky.target(key, pool, this::inTurn);
        for (Future<Optional<String>> each : asked) {
          assertThat(each.get()).isEqualTo(agreed);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStepBackOfTheClockKeepsWhatIsThere(Backend backend) {
    if (backend == Backend.MEMORY) {
      return; // its ticker never steps back
    }
    StickySessions<String> sticky = open(backend);
    sticky.target("k", List.of("a", "b"), pool -> "a");
    clock.set(START.minus(Duration.ofDays(2)));
    assertThat(sticky.target("k", List.of("a", "b"), pool -> "b")).contains("a");
    clock.set(START.plus(Duration.ofMinutes(29)));
    assertThat(sticky.target("k", List.of("a", "b"), pool -> "b")).contains("a");
  }

  @ParameterizedTest
  @EnumSource
  void aDatabaseIsSharedAndSurvivesARestart(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    StickySessions<String> one = open(test);
    StickySessions<String> two = open(test);
    assertThat(one.target("k", List.of("a", "b"), pool -> "a")).contains("a");
    assertThat(two.target("k", List.of("a", "b"), pool -> "b")).contains("a");
    opened.forEach(Database::close);
    assertThat(open(test).target("k", List.of("a", "b"), pool -> "b")).contains("a");
  }

  /** Each of them sees no row, and each tries to be the first. */
  @ParameterizedTest
  @EnumSource
  void processesAgreeToo(Kind kind) throws Exception {
    TestDatabase test = kind.fresh(folder);
    List<StickySessions<String>> processes = List.of(open(test), open(test));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 20; round++) {
        String key = "k" + round;
        CyclicBarrier together = new CyclicBarrier(2);
        List<Future<Optional<String>>> asked = new ArrayList<>();
        for (StickySessions<String> process : processes) {
          String mine = asked.isEmpty() ? "a" : "b";
          asked.add(
              threads.submit(
                  () ->
                      process.target(
                          key,
                          List.of("a", "b"),
                          pool -> {
                            meet(together);
                            return mine;
                          })));
        }
        assertThat(asked.get(0).get()).isEqualTo(asked.get(1).get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** On SQLite the second chooses only when the first has committed: it must not be waited for. */
  private static void meet(CyclicBarrier together) {
    try {
      together.await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      Thread.interrupted();
    }
  }

  /** Who chooses may look at the database, and write to it: no lock is held for that. */
  @ParameterizedTest
  @EnumSource
  void whoChoosesMayWrite(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute("CREATE TABLE chosen (n BIGINT)");
    try (Database database = test.open()) {
      StickySessions<String> sticky =
          StickySessions.inDatabase(database, Duration.ofMinutes(10), clock);
      assertThat(
              sticky.target(
                  "k",
                  List.of("a"),
                  pool -> {
                    database.write(session -> session.update("INSERT INTO chosen VALUES (1)"));
                    return "a";
                  }))
          .contains("a");
    }
    assertThat(test.count("SELECT count(*) FROM chosen")).isEqualTo(1);
  }

  /** Most requests of a busy key only read. */
  @ParameterizedTest
  @EnumSource
  void useIsWrittenDownSeldom(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    StickySessions<String> sticky = open(test);
    sticky.target("k", List.of("a"), pool -> "a");
    test.execute(
        kind == Kind.SQLITE
            ? "CREATE TRIGGER no BEFORE UPDATE ON sticky_sessions BEGIN SELECT RAISE(ABORT,'no'); END"
            : "ALTER TABLE sticky_sessions ADD CONSTRAINT no CHECK (updated_at < '2026-11-22 03:00:01')");
    clock.advance(Duration.ofMinutes(2));
    assertThat(sticky.target("k", List.of("a"), pool -> "a")).contains("a");
    clock.advance(Duration.ofMinutes(2));
    assertThatThrownBy(() -> sticky.target("k", List.of("a"), pool -> "a"))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void memoryIsBounded() {
    MemoryStickySessions<Integer> sticky = new MemoryStickySessions<>(100, UNUSED, () -> 0L);
    for (int i = 0; i < 100_000; i++) {
      sticky.target(i, List.of("a"), pool -> "a");
    }
    assertThat(sticky.size()).isLessThanOrEqualTo(100);
  }

  /** The table that codex-lb has. */
  @ParameterizedTest
  @EnumSource
  void worksOnATableThatIsThere(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(
        "CREATE TABLE sticky_sessions (key VARCHAR PRIMARY KEY NOT NULL, account_id VARCHAR NOT"
            + " NULL, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL)",
        "INSERT INTO sticky_sessions VALUES ('k', 'a', '2026-11-22 02:59:00', '2026-11-22"
            + " 02:59:00'), ('l', 'b', '2026-11-22 02:59:00', '2026-11-22 02:59:00.5')");
    StickySessions<String> sticky = open(test);
    assertThat(sticky.current("k")).contains("a");
    assertThat(sticky.current("l")).contains("b");
  }
}
