package io.tideline.benchmarks;

import io.tideline.dialect.ReclaimWay;
import io.tideline.maintenance.reclaim.Reclaim;
import io.tideline.maintenance.reclaim.ReclaimReport;
import io.tideline.maintenance.reclaim.ReclaimRequest;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A half empty SQLite file gives its space back beside an application in another process: the
 * longest stall of its writer by each way, beside that by VACUUM of the same round. 4.5 million
 * rows make a file of 1.2 GB.
 */
final class ReclaimBenchmark implements Benchmark {
  private static final long CONTROL_MILLIS = 5_000;

  private final List<Side> sides =
      List.of(
          new Side("VACUUM", "half.db", ReclaimWay.VACUUM),
          new Side("online compaction", "half.db", ReclaimWay.COMPACT),
          new Side("paced incremental vacuum", "steps.db", ReclaimWay.INCREMENTAL));

  /** A way, and what was felt beside it. */
  private static final class Side {
    private final String what;
    private final String template;
    private final ReclaimWay way;
    private final Felt felt;
    private final Felt control;
    private final List<Double> bytes = new ArrayList<>();

    Side(String what, String template, ReclaimWay way) {
      this.what = what;
      this.template = template;
      this.way = way;
      this.felt = new Felt(what);
      this.control = new Felt("  nothing, before it");
    }

    double size() {
      return bytes.stream().sorted().toList().get(bytes.size() / 2);
    }
  }

  @Override
  public String name() {
    return "reclaim";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    RequestTable table = new RequestTable(options.rows(), options.rows() / 2, Instant.now(), false);
    Path half = SqliteStore.create(workspace.file("half.db"), table);
    workspace.copy(half, "steps.db");
    empty(half, table, false);
    empty(workspace.file("steps.db"), table, true);
    for (int round = 0; round < options.rounds(); round++) {
      for (Side side : sides) {
        workspace.removeDatabase("live.db");
        workspace.copy(workspace.file(side.template), "live.db");
        measure(side, workspace.file("live.db"), workspace.file("archive"));
      }
    }
    print();
    return List.of();
  }

  private static void empty(Path file, RequestTable table, boolean inSteps) {
    try (Connection connection = SqliteStore.connect(file);
        Statement statement = connection.createStatement()) {
      if (inSteps) {
        statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
        statement.execute("VACUUM");
      }
      SqliteStore.delete(file, table);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void measure(Side side, Path live, Path archive) throws IOException {
    try (LiveSides.Application application = new SqliteApplication(live)) {
      side.control.add(
          application.during(
              () -> {
                Thread.sleep(CONTROL_MILLIS);
                return new double[] {0, 1};
              }));
      side.felt.add(application.during(() -> work(side, live, archive)));
    }
    side.bytes.add((double) new File(live.toString()).length());
  }

  private static double[] work(Side side, Path live, Path archive) {
    Settings settings = Settings.of("sqlite:" + live, archive, List.of());
    try (Reclaim reclaim = Reclaim.open(settings, Clock.systemUTC())) {
      long began = System.nanoTime();
      ReclaimReport report =
          reclaim.run(new ReclaimRequest(Optional.of(side.way), false, false), new Steps());
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%s: %.0f MB to %.0f MB in %.1f s %s%n",
          side.what,
          report.before() / 1e6,
          report.after() / 1e6,
          seconds,
          report.done().get(0).notes());
      return new double[] {0, seconds};
    }
  }

  private void print() {
    Side vacuum = sides.get(0);
    System.out.println();
    System.out.println(Felt.title());
    for (Side side : sides) {
      System.out.println(side.felt.line());
      System.out.println(side.control.line());
    }
    double[] wanted = {1, 0.45, 0.05};
    for (int i = 0; i < sides.size(); i++) {
      Side side = sides.get(i);
      System.out.printf(
          Locale.ROOT,
          "%s: longest stall %.3f of VACUUM's (%.2f at most), size %.3f of VACUUM's (0.98 to 1.02),"
              + " errors %d%n",
          side.what,
          side.felt.max() / vacuum.felt.max(),
          wanted[i],
          side.size() / vacuum.size(),
          side.felt.busy());
    }
  }

  /** Prints when the few steps of a compaction were done. */
  private static final class Steps implements WorkListener {
    private final long began = System.nanoTime();

    @Override
    public void at(String what, long done, long total) {}

    @Override
    public void stepped(String step) {
      if (step.startsWith("compaction") && !step.endsWith("coming-home")) {
        System.out.printf(Locale.ROOT, "%8.2f s %s%n", (System.nanoTime() - began) / 1e9, step);
      }
    }
  }
}
