package io.tideline.benchmarks;

import io.tideline.maintenance.backup.BackupStore;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A SQLite file is backed up beside an application in another process, as often as time allows. */
final class BackupBenchmark implements Benchmark {
  @Override
  public String name() {
    return "backup";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    RequestTable table = new RequestTable(options.rows(), 0, Instant.now(), false);
    Path template = SqliteStore.create(workspace.file("template.db"), table);
    Path live = workspace.file("live.db");
    Settings settings = Settings.of("sqlite:" + live, workspace.file("archive"), List.of());
    LiveSides.Side side =
        new LiveSides.Side(
            "Tideline, backup", () -> backUp(settings, options.rows(), workspace.file("backups")));
    new LiveSides(List.of(side))
        .measure(
            options.rounds(),
            () -> {
              workspace.removeDatabase("live.db");
              workspace.remove("archive", "backups");
              workspace.copy(template, "live.db");
              return new SqliteApplication(live);
            });
    System.out.printf(
        Locale.ROOT,
        "backup: p99 %.2f times its control (2 at most), max %+.1f ms, errors %d (0)%n",
        side.felt().p99() / side.control().p99(),
        side.felt().max() - side.control().max(),
        side.felt().busy());
    return List.of();
  }

  private static double[] backUp(Settings settings, int rows, Path folder) {
    long began = System.nanoTime();
    long copied = 0;
    do {
      new BackupStore(settings, Clock.systemUTC()).make(Optional.of(folder), WorkListener.NONE);
      copied += rows;
    } while (System.nanoTime() - began < LiveSides.EACH.toNanos());
    return new double[] {copied, (System.nanoTime() - began) / 1e9};
  }
}
