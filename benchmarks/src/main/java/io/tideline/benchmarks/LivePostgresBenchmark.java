package io.tideline.benchmarks;

import io.tideline.policy.Action;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** PostgreSQL with fsync on beside {@code pgbench} at a fixed rate. */
final class LivePostgresBenchmark implements Benchmark {
  private static final String LIVE = "live";

  @Override
  public String name() {
    return "live-postgresql";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    Optional<Path> binaries = PostgresCluster.binaries();
    if (binaries.isEmpty()) {
      System.out.println("Skipped: PostgreSQL, whose server is not installed");
      return List.of();
    }
    RequestTable table = new RequestTable(options.rows(), options.rows() / 2, Instant.now(), true);
    try (PostgresCluster cluster = PostgresCluster.start(binaries.get(), workspace)) {
      cluster.create("template", table);
      Path archive = workspace.file("archive");
      String url = cluster.url(LIVE);
      List<LiveSides.Side> sides =
          List.of(
              new LiveSides.Side(
                  "Tideline, delete", () -> LiveSides.tideline(url, archive, Action.DELETE)),
              new LiveSides.Side(
                  "loop of 1,000 ids, 30 ms rest", () -> loop(cluster, table, 1_000, 30)),
              new LiveSides.Side(
                  "Tideline, archive", () -> LiveSides.tideline(url, archive, Action.ARCHIVE)),
              new LiveSides.Side(
                  "one DELETE", () -> loop(cluster, table, table.expired(), 0), true));
      new LiveSides(sides)
          .measure(
              options.rounds(),
              () -> {
                workspace.remove("archive");
                cluster.copy("template", LIVE);
                return new PgBench(cluster, LIVE, workspace);
              });
      LiveSides.judge(sides.get(0), sides.get(1), 1.5, 0);
      LiveSides.judge(sides.get(2), sides.get(1), 1.5, 0);
    }
    return List.of();
  }

  private static double[] loop(PostgresCluster cluster, RequestTable table, int rows, int rest)
      throws SQLException, InterruptedException {
    long began = System.nanoTime();
    long removed = 0;
    try (Connection connection = cluster.connect(LIVE);
        PreparedStatement delete =
            connection.prepareStatement(
                "DELETE FROM request_logs WHERE id > ? AND id <= ? AND requested_at < ?::timestamp"
                    + " AT TIME ZONE 'UTC'")) {
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
    return new double[] {removed, (System.nanoTime() - began) / 1e9};
  }
}
