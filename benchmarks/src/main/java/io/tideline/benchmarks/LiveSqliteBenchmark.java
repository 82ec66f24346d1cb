package io.tideline.benchmarks;

import io.tideline.policy.Action;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;

/**
 * SQLite beside an application in another process: Tideline at its default pace, and loops that a
 * person would write.
 */
final class LiveSqliteBenchmark implements Benchmark {
  @Override
  public String name() {
    return "live-sqlite";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    RequestTable table = new RequestTable(options.rows(), options.rows() / 2, Instant.now(), false);
    Path template = SqliteStore.create(workspace.file("template.db"), table);
    Path database = workspace.file("live.db");
    Path archive = workspace.file("archive");
    String url = "sqlite:" + database;
    List<LiveSides.Side> sides =
        List.of(
            new LiveSides.Side(
                "Tideline, delete", () -> LiveSides.tideline(url, archive, Action.DELETE)),
            new LiveSides.Side(
                "loop of 1,000 rowids, 30 ms rest", () -> loop(database, table, 1_000, 30)),
            new LiveSides.Side(
                "Tideline, archive", () -> LiveSides.tideline(url, archive, Action.ARCHIVE)),
            new LiveSides.Side("loop of 5,000 rowids", () -> loop(database, table, 5_000, 0), true),
            new LiveSides.Side(
                "one DELETE", () -> loop(database, table, Integer.MAX_VALUE, 0), true));
    new LiveSides(sides)
        .measure(
            options.rounds(),
            () -> {
              workspace.removeDatabase("live.db");
              workspace.remove("archive");
              workspace.copy(template, "live.db");
              return new SqliteApplication(database);
            });
    LiveSides.judge(sides.get(0), sides.get(1), 2, 0.9);
    LiveSides.judge(sides.get(2), sides.get(1), 2, 0.4);
    return List.of();
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
            from < table.expired() && System.nanoTime() - began < LiveSides.EACH.toNanos();
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
}
