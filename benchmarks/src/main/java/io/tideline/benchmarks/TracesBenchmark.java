package io.tideline.benchmarks;

import io.tideline.cli.Main;
import io.tideline.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The migration of a store of traces by the commands of its example, beside a writer in another
 * process; then its query, its inserts and its space beside the old store's.
 */
final class TracesBenchmark implements Benchmark {
  /** A larger store is not migrated beside a writer, which would take hours, but asked. */
  private static final int MIGRATED = 1_000_000;

  private static final int STOPPED = 4;
  private static final int INSERTED = 20_000;
  private static final int FIRST = 1_000_000_000;
  private static final int BATCH = 100;
  private static final int TURNS = 3;
  private static final double CONTROL = 20;

  private static final String OLD =
      """
      SELECT t.* FROM trace_sessions s JOIN traces t ON t.id = s.trace_id
      WHERE s.session_uid = ? AND t.created_at > ? ORDER BY t.created_at DESC LIMIT 1000
      """;

  private static final String NEW =
      """
      SELECT t.* FROM trace_sessions s JOIN traces t ON t.id = s.trace_id
      WHERE s.session_uid = ? AND s.created_at > ? ORDER BY s.created_at DESC LIMIT 1000
      """;

  @Override
  public String name() {
    return "traces";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    Path old = store(options, workspace, "old.db", Math.min(MIGRATED, options.rows()));
    Path migrated = workspace.copy(old, "traces.db");
    Files.copy(
        options.root().resolve("examples/traces/migration.yaml"), workspace.file("migration.yaml"));
    migrate(workspace, migrated);
    space(TraceStore.bytes(old), TraceStore.bytes(migrated));
    queries(options, old, migrated);
    if (options.rows() > MIGRATED) {
      larger(options, workspace, migrated);
    }
    return List.of(inserts(options, old, migrated));
  }

  private static Path store(Options options, Workspace workspace, String name, int traces)
      throws IOException {
    Path file = workspace.file(name);
    double seconds = Times.of(() -> new TraceStore(traces).create(file, options.root()));
    Workspace.force(file);
    System.out.printf(
        Locale.ROOT,
        "%,d traces, %.0f MB, made in %.1f s%n",
        traces,
        Files.size(file) / 1e6,
        seconds);
    return file;
  }

  /** The same window of a session of the same size in a larger store, in turn. */
  private static void larger(Options options, Workspace workspace, Path migrated)
      throws IOException {
    Path large = store(options, workspace, "large.db", options.rows());
    TraceStore.migrate(large);
    Workspace.force(large);
    for (int cache : new int[] {2, 64}) {
      larger(options, migrated, large, cache);
    }
    workspace.removeDatabase("large.db");
  }

  private static void larger(Options options, Path migrated, Path large, int cache) {
    String what = "new query, %,d traces, cache of %d MB";
    WindowQuery less =
        new WindowQuery(String.format(Locale.ROOT, what, MIGRATED, cache), migrated, NEW, cache);
    WindowQuery more =
        new WindowQuery(String.format(Locale.ROOT, what, options.rows(), cache), large, NEW, cache);
    for (int round = 0; round < options.rounds(); round++) {
      less.measure();
      more.measure();
    }
    System.out.println();
    less.print();
    more.print();
    System.out.printf(
        Locale.ROOT,
        "last ten minutes of the larger store: p50 %.2f ms (20 at most), p99 %.2f ms (60 at most),"
            + " p50 %.2f times the smaller one's (1.5 at most)%n",
        more.at(0.5),
        more.at(0.99),
        more.at(0.5) / less.at(0.5));
  }

  private static void migrate(Workspace workspace, Path file) throws IOException {
    Felt control = new Felt("  nothing, before it or as long after");
    Felt filling = new Felt("backfill, 20 s at a time");
    Felt building = new Felt("index build, which locks");
    double[] took = {0};
    try (SqliteApplication application = new SqliteApplication(file, TraceApplication.class)) {
      control.add(application.during(() -> rest(CONTROL)));
      int[] exit = {STOPPED};
      while (exit[0] == STOPPED) {
        double[] went = {0};
        filling.add(
            application.during(
                () -> {
                  String most = (int) CONTROL + "s";
                  went[0] =
                      Times.of(
                          () ->
                              exit[0] =
                                  tideline(workspace, "backfill", "--yes", "--max-time", most));
                  return new double[] {0, went[0]};
                }));
        took[0] += went[0];
        control.add(application.during(() -> rest(Math.max(1, went[0]))));
      }
      require(exit[0]);
      System.out.printf(Locale.ROOT, "filled in %.1f s of work%n", took[0]);
      building.add(
          application.during(
              () -> {
                double s =
                    Times.of(
                        () -> require(tideline(workspace, "indexes", "--apply", "--blocking")));
                System.out.printf(Locale.ROOT, "indexes made and dropped in %.1f s%n", s);
                return new double[] {0, s};
              }));
    }
    require(tideline(workspace, "backfill", "--finish", "--yes"));
    System.out.println();
    System.out.println(Felt.title());
    for (Felt felt : List.of(control, filling, building)) {
      System.out.println(felt.line());
    }
    System.out.printf(
        Locale.ROOT,
        "backfill: p50 %.2f ms beside %.2f ms, p99 %.2f times its control (2.0 at most), errors %d"
            + " (0), log %.1f MB; index build: longest %.0f ms, errors %d%n",
        filling.p50(),
        control.p50(),
        filling.p99() / control.p99(),
        filling.busy(),
        filling.log(),
        building.max(),
        building.busy());
  }

  private static double[] rest(double seconds) throws InterruptedException {
    Thread.sleep((long) (seconds * 1_000));
    return new double[] {0, seconds};
  }

  private static void require(int exit) {
    if (exit != 0) {
      throw new IllegalStateException("The migration ended with exit code " + exit);
    }
  }

  /** A command of the example, in the folder; what it says is shown if it does not end well. */
  private static int tideline(Workspace workspace, String command, String... more) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            out,
            out,
            false,
            false,
            false,
            Map.of(),
            workspace.folder());
    String[] arguments = new String[3 + more.length];
    arguments[0] = command;
    arguments[1] = "-c";
    arguments[2] = "migration.yaml";
    System.arraycopy(more, 0, arguments, 3, more.length);
    int exit = Main.run(arguments, terminal);
    if (exit != 0 && exit != STOPPED) {
      System.out.println(said.toString(StandardCharsets.UTF_8));
    }
    return exit;
  }

  /** The rows that the writer inserted meanwhile do not count as growth. */
  private static void space(long[] before, long[] after) {
    double grown = (double) after[0] * before[3] / after[3] - before[0];
    System.out.printf(
        Locale.ROOT,
        "junction with indexes %.1f MB, was %.1f MB; the new index %.1f MB, the old %.1f MB; all"
            + " %.1f MB, was %.1f MB; per row of the"
            + " junction grown by %.1f bytes, %.2f %% of all (5 at most)%n",
        after[0] / 1e6,
        before[0] / 1e6,
        after[2] / 1e6,
        before[2] / 1e6,
        after[1] / 1e6,
        before[1] / 1e6,
        grown / before[3],
        grown * 100 / before[1]);
  }

  private static void queries(Options options, Path old, Path migrated) {
    WindowQuery before = new WindowQuery("old query, old store", old, OLD);
    WindowQuery after = new WindowQuery("new query, migrated", migrated, NEW);
    if (!before.answer().equals(after.answer()) || after.answer().size() != 1_000) {
      throw new IllegalStateException("The two queries do not answer alike");
    }
    for (int round = 0; round < options.rounds(); round++) {
      before.measure();
      after.measure();
    }
    System.out.println();
    before.print();
    after.print();
    System.out.printf(
        Locale.ROOT,
        "last ten minutes: p50 %.2f ms (20 at most), p99 %.2f ms (60 at most), %.0f times as fast as"
            + " before by p50%n",
        after.at(0.5),
        after.at(0.99),
        before.at(0.5) / after.at(0.5));
  }

  /** Rounds in turn; the side that begins changes, and one before them warms both. */
  private static Comparison inserts(Options options, Path old, Path migrated) {
    Times ours = new Times();
    Times theirs = new Times();
    try (TraceStore.Inserts before = new TraceStore.Inserts(old, TraceStore.SESSION, false, FIRST);
        TraceStore.Inserts after =
            new TraceStore.Inserts(migrated, TraceStore.SESSION, true, FIRST)) {
      for (int round = -1; round < TURNS * options.rounds(); round++) {
        boolean first = round % 2 == 0;
        double a = first ? insert(after) : 0;
        double b = insert(before);
        a = first ? a : insert(after);
        if (round >= 0) {
          ours.add(a);
          theirs.add(b);
          System.out.printf(
              Locale.ROOT,
              "inserts, round %d: migrated %.2f s, old %.2f s, %.3f times%n",
              round + 1,
              a,
              b,
              a / b);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    System.out.printf(
        Locale.ROOT,
        "inserts: %.3f times as long as before (1.05 at most)%n",
        ours.median() / theirs.median());
    return new Comparison(
        "inserts, migrated / old store", INSERTED, ours, Optional.of(theirs), 1 / 1.05);
  }

  private static double insert(TraceStore.Inserts inserts) {
    return Times.of(
        () -> {
          for (int i = 0; i < INSERTED; i += BATCH) {
            inserts.insert(BATCH);
          }
          inserts.checkpoint();
        });
  }
}
