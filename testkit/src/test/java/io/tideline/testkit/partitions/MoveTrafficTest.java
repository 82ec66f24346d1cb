package io.tideline.testkit.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.maintenance.partitions.TableMove;
import io.tideline.run.RunOptions;
import io.tideline.run.WorkListener;
import io.tideline.tuning.MovePhase;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** A table is moved, killed and moved back while others write to it, and has just their rows. */
class MoveTrafficTest {
  private static final List<String> FILLING =
      List.of("move-prepared", "move-divided", "move-followed", "move-filled", "move-caught-up");
  private static final List<String> EXCHANGING =
      List.of("move-compared", "move-analyzed", "move-exchanged");

  /** In the midst of the rows: after the switch only times that have a partition are taken. */
  private static final Instant MIDDLE =
      Instant.now().minus(Duration.ofDays(50)).truncatedTo(ChronoUnit.SECONDS);

  @TempDir Path folder;

  /**
   * Writes like an application, and keeps a journal: a plain table that every transaction writes to
   * as well, so that what must be there is known whatever was rolled back.
   */
  private static final class Application implements AutoCloseable {
    private final Moving moving;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger done = new AtomicInteger();
    private final List<String> failures = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    Application(Moving moving) {
      this.moving = moving;
      moving.database.execute("CREATE TABLE journal AS SELECT id, at, v, j::text AS j FROM logs");
      for (int i = 0; i < 2; i++) {
        int seed = i;
        Thread thread = new Thread(() -> write(seed));
        threads.add(thread);
        thread.start();
      }
    }

    private void write(int seed) {
      Random random = new Random(seed);
      try (Connection connection = moving.database.connect();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        for (int i = 0; !ended.get(); i++) {
          one(connection, statement, random, seed, i);
          if (random.nextInt(8) == 0) {
            connection.rollback();
          } else {
            connection.commit();
          }
          done.incrementAndGet();
          Thread.sleep(3);
        }
      } catch (Exception e) {
        synchronized (failures) {
          failures.add(String.valueOf(e.getMessage()));
        }
      }
    }

    /** Each thread has rows of its own, so that they do not wait for each other. */
    private static void one(
        Connection connection, Statement statement, Random random, int seed, int i)
        throws Exception {
      String mine = " WHERE id % 2 = " + seed + " AND id % 50 = " + random.nextInt(50);
      long id = 100_000L + 2L * i + seed;
      switch (random.nextInt(6)) {
        case 0 -> both(statement, "UPDATE %s SET v = 'u" + i + "'" + mine);
        case 1 ->
            both(
                statement,
                "UPDATE %s SET at = at + interval '33 days' * CASE WHEN at > '"
                    + MIDDLE
                    + "' THEN -1 ELSE 1 END"
                    + mine);
        case 2 ->
            both(statement, "DELETE FROM %s WHERE id % 2 = " + seed + " AND id % 90 = " + i % 90);
        case 3 ->
            both(
                statement,
                "UPDATE %s SET id = "
                    + (id + 1_000_000)
                    + " WHERE id = "
                    + (seed + 2L * random.nextInt(300)));
        case 4 -> {
          for (String table : List.of("logs", "journal")) {
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                    "COPY " + table + " (id, at, v) FROM STDIN",
                    new StringReader(id + "\t" + MIDDLE + "\tcopied\n"));
          }
        }
        default ->
            both(
                statement,
                "INSERT INTO %s (id, at, v) VALUES (" + id + ", '" + MIDDLE + "', 'new')");
      }
    }

    private static void both(Statement statement, String sql) throws SQLException {
      for (String table : List.of("logs", "journal")) {
        statement.executeUpdate(sql.replaceFirst("%s", table));
      }
    }

    /** Waits until so many more transactions were done. */
    void more(int count) {
      int until = done.get() + count;
      while (done.get() < until && failures.isEmpty()) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void close() {
      ended.set(true);
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      assertThat(failures).isEmpty();
    }
  }

  private static void isJust(Moving moving, String table) {
    assertThat(moving.rows(table)).isEqualTo(moving.rows("journal"));
  }

  @Test
  void thereAndBackAndThereBesideWriters() {
    try (Moving moving = new Moving(folder)) {
      moving.database.execute("UPDATE logs SET at = date_trunc('second', at)");
      try (Application application = new Application(moving)) {
        application.more(20);
        moving.fill();
        application.more(50);
        insistently(moving::exchange);
        assertThat(moving.kind()).isEqualTo("p");
        application.more(50);
        insistently(moving::undo);
        assertThat(moving.kind()).isEqualTo("r");
        application.more(20);
        insistently(moving::undo);
        moving.fill();
        insistently(moving::exchange);
        application.more(50);
        insistently(() -> moving.finish(true));
        application.more(20);
      }
      isJust(moving, "logs");
      assertThat(moving.left()).isEmpty();
    }
  }

  /** Others may be in its way for long; then it says so, and is called again. */
  private static void insistently(Runnable step) {
    for (int tries = 0; ; tries++) {
      try {
        step.run();
        return;
      } catch (io.tideline.error.TidelineException e) {
        if (tries == 5 || !e.getMessage().contains("lock")) {
          throw e;
        }
      }
    }
  }

  @Test
  @Tag("exhaustive")
  void killedAtEveryStepItGoesOn() throws Exception {
    try (Moving moving = new Moving(folder)) {
      moving.database.execute("UPDATE logs SET at = date_trunc('second', at)");
      try (Application application = new Application(moving)) {
        for (String step : FILLING) {
          assertThat(killed(moving, "fill", step)).as(step).isTrue();
          application.more(5);
        }
        moving.fill();
        for (String step : EXCHANGING) {
          assertThat(killed(moving, "exchange", step)).as(step).isTrue();
          application.more(5);
        }
        assertThat(moving.look().status().phase()).isEqualTo(MovePhase.SWITCHED);
        assertThat(killed(moving, "undo", "move-compared")).isTrue();
        application.more(10);
        assertThat(killed(moving, "undo", "move-exchanged-back")).isTrue();
        assertThat(moving.look().status().phase()).isEqualTo(MovePhase.UNDONE);
        assertThat(killed(moving, "undo", "move-discarded")).isTrue();
        moving.fill();
        insistently(moving::exchange);
        application.more(10);
        assertThat(killed(moving, "finish", "move-finished")).isTrue();
        assertThat(killed(moving, "finish", "move-dropped")).isTrue();
      }
      isJust(moving, "logs");
      assertThat(moving.left()).isEmpty();
    }
  }

  private boolean killed(Moving moving, String work, String step) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MoveTrafficTest.class.getName(),
                moving.database.url(),
                folder.toString(),
                work,
                step)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("forked.log").toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return false;
    }
    return process.exitValue() == 137;
  }

  /** The other JVM, which ends at a step as {@code kill -9} would. */
  public static void main(String[] arguments) {
    WorkListener killer =
        new WorkListener() {
          @Override
          public void at(String what, long done, long total) {}

          @Override
          public void stepped(String step) {
            if (step.equals(arguments[3])) {
              Runtime.getRuntime().halt(137);
            }
          }
        };
    try (TableMove move =
        TableMove.open(
            Moving.settings(arguments[0], Path.of(arguments[1]), Moving.rule()),
            "logs",
            Clock.systemUTC(),
            RunOptions.DEFAULT)) {
      switch (arguments[2]) {
        case "fill" -> move.fill(killer);
        case "exchange" -> move.exchange(killer);
        case "undo" -> move.undo(killer);
        default -> move.finish(true, killer);
      }
    }
  }
}
