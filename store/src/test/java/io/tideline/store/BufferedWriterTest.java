package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
final class BufferedWriterTest {
  private static final String LOGS =
      "CREATE TABLE logs (id BIGINT PRIMARY KEY, line VARCHAR(2000) CHECK (line <> 'poison'))";
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final List<Log> aside = Collections.synchronizedList(new ArrayList<>());
  private final List<StoreException> whys = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private record Log(long id, String line) {}

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static BatchInsert<Log> insert() {
    return BatchInsert.into(
        "logs",
        List.of("id", "line"),
        (statement, row) -> {
          statement.setLong(1, row.id());
          statement.setString(2, row.line());
        });
  }

  private BufferedWriterOpening<Log> writer(Database database, BatchWork<Log> work) {
    return BufferedWriter.to(
        database,
        work,
        (row, why) -> {
          aside.add(row);
          whys.add(why);
        });
  }

  private static Log log(long id) {
    return new Log(id, "line " + id);
  }

  @ParameterizedTest
  @EnumSource
  void writesInOrderAndFewTransactions(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(LOGS);
    List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
    List<Log> seen = Collections.synchronizedList(new ArrayList<>());
    BatchInsert<Log> insert = insert();
    try (Database database = test.open();
        BufferedWriter<Log> writer =
            writer(
                    database,
                    (session, rows) -> {
                      batches.add(rows.size());
                      seen.addAll(rows);
                      insert.write(session, rows);
                    })
                .flushRows(100)
                .flushEvery(LONG)
                .start()) {
      for (int i = 0; i < 950; i++) {
        assertThat(writer.write(log(i))).isTrue();
      }
      assertThat(writer.flush(LONG)).isTrue();
      assertThat(writer.atRisk()).isEqualTo(new AtRisk(0, 0));
      assertThat(test.count("SELECT count(*) FROM logs")).isEqualTo(950);
      assertThat(batches).hasSize(10).allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(100));
      assertThat(seen).extracting(Log::id).isSorted();
    }
  }

  @Test
  void flushesByCountByBytesAndByDelay() {
    TestDatabase test = Kind.SQLITE.fresh(folder);
    test.execute(LOGS);
    List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
    BatchWork<Log> counted = (session, rows) -> batches.add(rows.size());
    try (Database database = test.open()) {
      CountDownLatch written = new CountDownLatch(1);
      try (BufferedWriter<Log> byDelay =
          writer(database, (session, rows) -> written.countDown())
              .flushEvery(Duration.ofMillis(1))
              .start()) {
        byDelay.write(log(1));
        assertThat(written.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      try (BufferedWriter<Log> byBytes =
          writer(database, counted).flushBytes(30).weighedBy(row -> 10).flushEvery(LONG).start()) {
        for (int i = 0; i < 9; i++) {
          byBytes.write(log(i));
        }
        byBytes.flush(LONG);
      }
      assertThat(batches.stream().mapToInt(Integer::intValue).sum()).isEqualTo(9);
      assertThat(batches).allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void closeWritesWhatIsLeft(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(LOGS);
    try (Database database = test.open()) {
      BufferedWriter<Log> writer = writer(database, insert()).flushEvery(LONG).start();
      writer.write(log(1));
      writer.close();
      writer.close();
      assertThat(test.count("SELECT count(*) FROM logs")).isEqualTo(1);
      assertThatThrownBy(() -> writer.write(log(2)))
          .hasMessage("Cannot accept a row: the writer was closed. The row is the caller's.");
    }
  }

  @ParameterizedTest
  @EnumSource
  void poisonIsFoundSetAsideAndTheRestIsWritten(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(LOGS);
    BatchInsert<Log> insert =
        BatchInsert.into(
            "logs",
            List.of("id", "line"),
            (statement, row) -> {
              if (row.id() == 33) {
                throw new IllegalArgumentException("cannot bind");
              }
              statement.setLong(1, row.id());
              statement.setString(2, row.line());
            });
    try (Database database = test.open();
        BufferedWriter<Log> writer =
            writer(database, insert).flushRows(100).flushEvery(LONG).start()) {
      for (int i = 0; i < 100; i++) {
        writer.write(i % 40 == 7 ? new Log(i, "poison") : log(i));
      }
      assertThat(writer.flush(LONG)).isTrue();
      assertThat(writer.trouble()).isEmpty();
    }
    assertThat(aside).extracting(Log::id).containsExactly(7L, 33L, 47L, 87L);
    assertThat(whys).extracting(StoreException::reason).containsOnly(StoreException.Reason.BAD_ROW);
    assertThat(test.count("SELECT count(*) FROM logs")).isEqualTo(96);
  }

  @ParameterizedTest
  @EnumSource
  void aListenerThatFailsChangesNothing(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(LOGS);
    try (Database database = test.open();
        BufferedWriter<Log> writer =
            BufferedWriter.to(
                    database,
                    insert(),
                    (Log row, StoreException why) -> {
                      throw new IllegalStateException("mine");
                    })
                .start()) {
      writer.write(new Log(1, "poison"));
      writer.write(log(2));
      assertThat(writer.flush(LONG)).isTrue();
    }
    assertThat(test.count("SELECT count(*) FROM logs")).isEqualTo(1);
  }

  /** A rule of a view is as final as one of a table. */
  @Test
  void whatAViewRefusesIsPoison() {
    TestDatabase test = Kind.POSTGRESQL.fresh(folder);
    test.execute(
        "CREATE TABLE all_logs (id BIGINT, line VARCHAR(2000))",
        "CREATE VIEW logs AS SELECT * FROM all_logs WHERE id < 5 WITH CHECK OPTION");
    try (Database database = test.open();
        BufferedWriter<Log> writer = writer(database, insert()).flushEvery(LONG).start()) {
      for (int i = 3; i < 8; i++) {
        writer.write(log(i));
      }
      assertThat(writer.flush(LONG)).isTrue();
    }
    assertThat(aside).extracting(Log::id).containsExactly(5L, 6L, 7L);
    assertThat(test.count("SELECT count(*) FROM all_logs")).isEqualTo(2);
  }

  /** What stands before it is written once, though it is tried again and again. */
  @ParameterizedTest
  @EnumSource
  void anErrorAmidABatchWritesNothingTwice(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute("CREATE TABLE logs (id BIGINT, line VARCHAR(2000) CHECK (line <> 'poison'))");
    AtomicInteger tries = new AtomicInteger();
    BatchWork<Log> insert =
        BatchInsert.into(
            "logs",
            List.of("id", "line"),
            (statement, row) -> {
              if (row.id() == 9 && tries.incrementAndGet() < 8) {
                throw new OutOfMemoryError("mine");
              }
              statement.setLong(1, row.id());
              statement.setString(2, row.line());
            });
    try (Database database = test.open();
        BufferedWriter<Log> writer =
            BufferedWriter.to(
                    database,
                    insert,
                    (Log row, StoreException why) -> {
                      aside.add(row);
                      throw new AssertionError("mine too");
                    })
                .flushRows(10)
                .flushEvery(LONG)
                .start()) {
      writer.write(new Log(0, "poison"));
      for (int i = 1; i < 10; i++) {
        writer.write(log(i));
      }
      assertThat(writer.flush(LONG)).isTrue();
    }
    assertThat(test.count("SELECT count(*) FROM logs")).isEqualTo(9);
    assertThat(test.count("SELECT count(DISTINCT id) FROM logs")).isEqualTo(9);
    assertThat(aside).extracting(Log::id).containsExactly(0L);
  }

  /** Reads go on, writes queue, then the back-pressure acts; nothing accepted is lost. */
  @ParameterizedTest
  @EnumSource
  void aLockedDatabaseQueuesThenPressesBack(Kind kind) throws Exception {
    TestDatabase test = kind.fresh(folder);
    test.execute(LOGS);
    try (Database database = test.open();
        BufferedWriter<Log> writer =
            writer(database, insert())
                .maxRows(20)
                .flushRows(5)
                .flushEvery(Duration.ofMillis(1))
                .whenFull(new BackPressure.Block(Duration.ofMillis(50)))
                .start()) {
      try (AutoCloseable lock = test.lock("logs")) {
        for (int i = 0; i < 20; i++) {
          assertThat(writer.write(log(i))).isTrue();
        }
        assertThat(writer.atRisk().rows()).isEqualTo(20).isEqualTo(writer.mostAtRisk().rows());
        assertThatThrownBy(() -> writer.write(log(99)))
            .asInstanceOf(type(StoreException.class))
            .satisfies(
                e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.BUSY),
                e -> assertThat(e).hasMessageContaining("the buffer stayed full"));
        assertThat(writer.flush(Duration.ofMillis(5))).isFalse();
        assertThat(
                database.<Long>read(
                    s -> s.first("SELECT count(*) FROM logs", r -> r.getLong(1)).orElseThrow()))
            .isZero();
        while (writer.trouble().isEmpty()) {
          Thread.onSpinWait();
        }
        assertThat(writer.trouble().get().reason()).isEqualTo(StoreException.Reason.BUSY);
      }
      assertThat(writer.flush(LONG)).isTrue();
      assertThat(writer.trouble()).isEmpty();
      assertThat(database.contention().busyReads()).isZero();
    }
    assertThat(test.count("SELECT count(*) FROM logs")).isEqualTo(20);
    assertThat(aside).isEmpty();
  }

  @Test
  void dropsAndCountsWhenSaidSo() throws Exception {
    TestDatabase test = Kind.SQLITE.fresh(folder);
    test.execute(LOGS);
    try (Database database = test.open();
        BufferedWriter<Log> writer =
            writer(database, insert()).maxRows(3).whenFull(new BackPressure.Drop()).start()) {
      try (AutoCloseable lock = test.lock("logs")) {
        List<Boolean> accepted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          accepted.add(writer.write(log(i)));
        }
        assertThat(accepted).containsExactly(true, true, true, false, false);
        assertThat(writer.dropped()).isEqualTo(2);
      }
    }
    assertThat(test.count("SELECT count(*) FROM logs")).isEqualTo(3);
  }

  @Test
  void theCallerRunsWhenSaidSo() {
    TestDatabase test = Kind.SQLITE.fresh(folder);
    test.execute(LOGS);
    List<String> writers = Collections.synchronizedList(new ArrayList<>());
    BatchInsert<Log> insert = insert();
    BatchWork<Log> work =
        (session, rows) -> {
          writers.add(Thread.currentThread().getName());
          insert.write(session, rows);
        };
    try (Database database = test.open();
        BufferedWriter<Log> writer =
            writer(database, work)
                .named("mine")
                .maxRows(2)
                .flushEvery(LONG)
                .flushRows(1_000)
                .maxBytes(25)
                .weighedBy(row -> 10)
                .whenFull(new BackPressure.CallerRuns())
                .start()) {
      String me = Thread.currentThread().getName();
      int byMe = 0;
      for (int i = 0; i < 200 && byMe == 0; i++) {
        writer.write(log(i));
        byMe = Collections.frequency(writers, me);
      }
      assertThat(byMe).isEqualTo(1);
      assertThatThrownBy(
              () -> writer(database, work).maxBytes(9).weighedBy(row -> 10).start().write(log(1)))
          .hasMessageContaining("from 0 to 9 are allowed");
    }
  }

  /** The switch of a service that wants its rows committed one by one. */
  @ParameterizedTest
  @EnumSource
  void unbufferedCommitsEachRowBeforeItReturns(Kind kind) throws Exception {
    TestDatabase test = kind.fresh(folder);
    test.execute(LOGS);
    try (Database database = test.open();
        BufferedWriter<Log> writer = writer(database, insert()).unbuffered().start()) {
      writer.write(log(1));
      assertThat(test.count("SELECT count(*) FROM logs")).isEqualTo(1);
      assertThat(writer.mostAtRisk()).isEqualTo(new AtRisk(0, 0));
      try (AutoCloseable lock = test.lock("logs")) {
        assertThatThrownBy(() -> writer.write(log(2)))
            .asInstanceOf(type(StoreException.class))
            .extracting(StoreException::reason)
            .isEqualTo(StoreException.Reason.BUSY);
      }
      assertThatThrownBy(() -> writer.write(new Log(3, "poison")))
          .isInstanceOf(StoreException.class);
    }
  }

  @Test
  void whatCannotBeWrittenBeforeTheCloseIsSetAside() throws Exception {
    TestDatabase test = Kind.SQLITE.fresh(folder);
    test.execute(LOGS);
    try (Database database = test.open();
        AutoCloseable lock = test.lock("logs")) {
      BufferedWriter<Log> writer =
          writer(database, insert()).flushRows(2).closeWithin(Duration.ofMillis(100)).start();
      for (int i = 0; i < 5; i++) {
        writer.write(log(i));
      }
      writer.close();
      assertThat(aside).extracting(Log::id).containsExactly(0L, 1L, 2L, 3L, 4L);
      assertThat(whys)
          .allSatisfy(why -> assertThat(why.reason()).isEqualTo(StoreException.Reason.CLOSED));
      assertThat(writer.atRisk().rows()).isZero();
    }
  }

  /** A table that is not there is nobody's poison: the rows wait for it. */
  @ParameterizedTest
  @EnumSource
  void troubleThatIsNotTheRowsMakesThemWait(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    try (Database database = test.open();
        BufferedWriter<Log> writer =
            writer(database, insert()).flushEvery(Duration.ofMillis(1)).start()) {
      writer.write(log(1));
      writer.write(log(2));
      while (writer.trouble().isEmpty()) {
        Thread.onSpinWait();
      }
      test.execute(LOGS);
      assertThat(writer.flush(LONG)).isTrue();
    }
    assertThat(test.count("SELECT count(*) FROM logs")).isEqualTo(2);
    assertThat(aside).isEmpty();
  }

  /** The commit stands, its answer does not come: the batch is written again. */
  @ParameterizedTest
  @EnumSource
  void anAnswerLostAtCommitWritesTwiceUnlessKeyed(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute("CREATE TABLE logs (id BIGINT, line VARCHAR(2000))");
    lostOnce(test, insert());
    assertThat(test.count("SELECT count(*) FROM logs")).isEqualTo(4);

    test.execute("DROP TABLE logs", LOGS);
    lostOnce(test, insert().once("id"));
    assertThat(test.count("SELECT count(*) FROM logs")).isEqualTo(2);
    assertThat(aside).isEmpty();
  }

  private void lostOnce(TestDatabase test, BatchWork<Log> work) {
    try (Database real = test.open()) {
      Database losing = losing(real);
      try (BufferedWriter<Log> writer = writer(losing, work).flushEvery(LONG).start()) {
        writer.write(log(1));
        writer.write(log(2));
        assertThat(writer.flush(LONG)).isTrue();
        assertThat(losing.contention().unknown()).isEqualTo(1);
      }
    }
  }

  private static Database losing(Database real) {
    AtomicInteger writes = new AtomicInteger();
    Connections connections =
        new Connections() {
          @Override
          public <T> T read(Work<T> work) {
            return real.read(work);
          }

          @Override
          public <T> T write(Work<T> work) throws SQLException {
            T result = real.write(work);
            if (writes.incrementAndGet() == 1) {
              throw new CommitUnknownException(new SQLException("the answer was lost"));
            }
            return result;
          }

          @Override
          public void close() {}
        };
    return new Database("losing", real.product(), connections, new SimpleMeterRegistry(), 1);
  }

  @ParameterizedTest
  @EnumSource
  void manyThreadsLoseNothing(Kind kind) throws Exception {
    TestDatabase test = kind.fresh(folder);
    test.execute(LOGS);
    try (Database database = test.open();
        BufferedWriter<Log> writer = writer(database, insert()).maxRows(50).flushRows(20).start()) {
      List<Future<?>> writers = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int first = t * 1_000;
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 250; i++) {
                    writer.write(log(first + i));
                    assertThat(writer.atRisk().rows()).isLessThanOrEqualTo(50);
                  }
                }));
      }
      for (Future<?> each : writers) {
        each.get();
      }
    }
    assertThat(test.count("SELECT count(*) FROM logs")).isEqualTo(2_000);
  }
}
