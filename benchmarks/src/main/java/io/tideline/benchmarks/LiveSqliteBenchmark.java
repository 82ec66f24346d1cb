package io.tideline.benchmarks;

import io.tideline.Tideline;
import io.tideline.plan.Plan;
import io.tideline.policy.Action;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * SQLite beside an application in another process, each for the same time and with a control before
 * it: Tideline at its default pace, and loops that a person would write.
 */
final class LiveSqliteBenchmark implements Benchmark {
  private static final Duration EACH = Duration.ofSeconds(20);
  private static final Duration WARM = Duration.ofSeconds(2);

  @Override
  public String name() {
    return "live-sqlite";
  }

  /** Something that works beside the application until its time is over. */
  private interface Work {
    /**
     * @return the rows that went, and the seconds
     */
    double[] run(Path database) throws Exception;
  }

  private record Side(Felt felt, Felt control, Work work) {
    Side(String what, Work work) {
      this(new Felt(what), new Felt("  nothing, before it"), work);
    }
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    RequestTable table = new RequestTable(options.rows(), options.rows() / 2, Instant.now(), false);
    Path template = SqliteStore.create(workspace.file("template.db"), table);
    List<Side> sides =
        List.of(
            new Side("Tideline, delete", db -> tideline(db, workspace, Action.DELETE)),
            new Side("loop of 1,000 rowids, 30 ms rest", db -> loop(db, table, 1_000, 30)),
            new Side("Tideline, archive", db -> tideline(db, workspace, Action.ARCHIVE)),
            new Side("loop of 5,000 rowids", db -> loop(db, table, 5_000, 0)),
            new Side("one DELETE", db -> loop(db, table, Integer.MAX_VALUE, 0)));
    for (int round = 0; round < options.rounds(); round++) {
      for (Side side : sides) {
        Path database = workspace.copy(template, "live.db");
        try (Beside application = new Beside(database)) {
          side.control().add(application.during(side.control().what(), path -> sleep(EACH)));
          side.felt().add(application.during(side.felt().what(), side.work()));
        }
        workspace.removeDatabase("live.db");
        workspace.remove("archive");
      }
    }
    System.out.println();
    System.out.println(Felt.title());
    for (Side side : sides) {
      System.out.println(side.felt().line());
      System.out.println(side.control().line());
    }
    judge(sides.get(0), sides.get(1), 0.9);
    judge(sides.get(2), sides.get(1), 0.4);
    return List.of();
  }

  private static void judge(Side ours, Side loop, double wanted) {
    Felt felt = ours.felt();
    Felt control = ours.control();
    System.out.printf(
        Locale.ROOT,
        "%s: p99 %.2f times its control (2 at most), max %+.1f ms (60 at most), busy %d (0),"
            + " log %.1f MB (16 at most), rate %.2f of the loop (%.1f at least)%n",
        felt.what(),
        felt.p99() / control.p99(),
        felt.max() - control.max(),
        felt.busy(),
        felt.log(),
        felt.rate() / loop.felt().rate(),
        wanted);
  }

  private static double[] sleep(Duration time) throws InterruptedException {
    Thread.sleep(time.toMillis());
    return new double[] {0, 1};
  }

  private static double[] tideline(Path database, Workspace workspace, Action action) {
    Policy policy =
        Policy.of("logs", RequestTable.NAME)
            .time(RequestTable.TIME)
            .retain(TidelineSide.RETAIN)
            .action(action)
            .build();
    Settings settings =
        Settings.of("sqlite:" + database, workspace.file("archive"), List.of(policy))
            .withPace(Pace.GENTLE);
    try (Tideline tideline = Tideline.open(settings)) {
      Plan plan = tideline.plan(Selection.all(), RunListener.NONE);
      RunOptions options = new RunOptions(false, Optional.of(EACH), OptionalLong.empty(), false);
      long[] removed = {0};
      double seconds =
          Times.of(() -> removed[0] = tideline.run(plan, options, RunListener.NONE).removed());
      return new double[] {removed[0], seconds};
    }
  }

  /** Deletes rowid ranges in order, with a rest after each. */
  private static double[] loop(Path database, RequestTable table, int rows, int rest)
      throws SQLException, InterruptedException {
    long began = System.nanoTime();
    long removed = 0;
    try (Connection connection = SqliteStore.connect(database);
        Statement settings = connection.createStatement()) {
      settings.execute("PRAGMA busy_timeout = 5000");
      settings.execute("PRAGMA synchronous = NORMAL");
      try (PreparedStatement delete =
          connection.prepareStatement(
              "DELETE FROM request_logs WHERE id > ? AND id <= ? AND requested_at < ?")) {
        for (long from = 0;
            from < table.expired() && System.nanoTime() - began < EACH.toNanos();
            from += rows) {
          delete.setLong(1, from);
          delete.setLong(2, Math.min(table.expired(), from + rows));
          delete.setString(3, table.cutoff());
          removed += delete.executeUpdate();
          if (rest > 0) {
            Thread.sleep(rest);
          }
        }
      }
    }
    return new double[] {removed, (System.nanoTime() - began) / 1e9};
  }

  /** The application, in its own process. */
  private static final class Beside implements AutoCloseable {
    private final Path database;
    private final Process process;
    private final PrintStream out;
    private final BufferedReader in;

    Beside(Path database) throws IOException {
      this.database = database;
      this.process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-Xmx64m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Application.class.getName(),
                  database.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      this.out = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      this.in =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      pause(WARM);
    }

    private static void pause(Duration time) {
      try {
        Thread.sleep(time.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    Felt.Round during(String what, Work work) throws IOException {
      ask("begin");
      AtomicBoolean ended = new AtomicBoolean();
      AtomicLong longest = new AtomicLong();
      Thread watch = new Thread(() -> watch(ended, longest), "log");
      watch.start();
      double[] went;
      try {
        went = work.run(database);
      } catch (Exception e) {
        throw new IllegalStateException(what, e);
      } finally {
        ended.set(true);
      }
      String[] felt = ask("end").split(" ", -1);
      return new Felt.Round(
          Double.parseDouble(felt[2]),
          Double.parseDouble(felt[3]),
          Long.parseLong(felt[4]),
          longest.get() / 1e6,
          went[0] / went[1]);
    }

    private void watch(AtomicBoolean ended, AtomicLong longest) {
      File log = new File(database + "-wal");
      while (!ended.get()) {
        longest.accumulateAndGet(log.length(), Math::max);
        pause(Duration.ofMillis(20));
      }
    }

    private String ask(String what) throws IOException {
      out.println(what);
      String answer = in.readLine();
      if (answer == null) {
        throw new IllegalStateException("The application ended");
      }
      return answer;
    }

    @Override
    public void close() {
      process.destroyForcibly();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
