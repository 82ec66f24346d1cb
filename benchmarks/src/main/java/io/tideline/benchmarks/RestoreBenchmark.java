package io.tideline.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Restoring an archive, beside inserting the same rows through JDBC, 1,000 to a batch. */
final class RestoreBenchmark implements Benchmark {
  private static final double OF_INSERTS = 0.5;

  @Override
  public String name() {
    return "restore";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    List<Comparison> comparisons = new ArrayList<>();
    comparisons.add(sqlite(options, workspace));
    Optional<Path> binaries = PostgresCluster.binaries();
    if (binaries.isPresent()) {
      comparisons.add(postgres(options, workspace, binaries.get()));
    } else {
      System.out.println("Skipped: restore on PostgreSQL, whose server is not installed");
    }
    return comparisons;
  }

  private static Comparison sqlite(Options options, Workspace workspace) throws IOException {
    int rows = options.rows();
    RequestTable table = new RequestTable(rows, rows, Instant.now(), false);
    Times restored = new Times();
    Times inserted = new Times();
    for (int round = 0; round < options.rounds(); round++) {
      Path database = SqliteStore.create(workspace.file("ours.db"), table);
      String url = "sqlite:" + database;
      TidelineSide.archive(url, workspace.file("archive"), rows);
      Path emptied = workspace.copy(database, "theirs.db");
      restored.add(TidelineSide.restore(url, workspace.file("archive"), rows));
      inserted.add(insert(emptied, table));
      workspace.remove("archive");
      workspace.removeDatabase("ours.db");
      workspace.removeDatabase("theirs.db");
      tell("sqlite", round, restored, inserted);
    }
    return new Comparison(
        "sqlite: restore / JDBC inserts", rows, restored, Optional.of(inserted), OF_INSERTS);
  }

  private static double insert(Path database, RequestTable table) {
    double[] inserts = {0};
    double whole =
        Times.of(
            () -> {
              Connection connection = SqliteStore.connect(database);
              inserts[0] = SqliteStore.insert(connection, table, 1, table.rows());
              inserts[0] += Times.of(connection::close);
            });
    return Math.min(whole, inserts[0]);
  }

  private static Comparison postgres(Options options, Workspace workspace, Path binaries)
      throws IOException {
    int rows = options.rows();
    RequestTable table = new RequestTable(rows, rows, Instant.now(), true);
    Times restored = new Times();
    Times inserted = new Times();
    try (PostgresCluster cluster = PostgresCluster.start(binaries, workspace)) {
      for (int round = 0; round < options.rounds(); round++) {
        cluster.create("ours", table);
        TidelineSide.archive(cluster.url("ours"), workspace.file("archive"), rows);
        cluster.execute("ours", "VACUUM ANALYZE request_logs");
        cluster.copy("ours", "theirs");
        restored.add(TidelineSide.restore(cluster.url("ours"), workspace.file("archive"), rows));
        inserted.add(cluster.insert("theirs", table, rows));
        workspace.remove("archive");
        cluster.drop("ours");
        cluster.drop("theirs");
        tell("postgresql", round, restored, inserted);
      }
    }
    return new Comparison(
        "postgresql: restore / JDBC inserts", rows, restored, Optional.of(inserted), OF_INSERTS);
  }

  private static void tell(String database, int round, Times restored, Times inserted) {
    System.out.printf(
        "%s, round %d: restore %s, inserts %s%n",
        database, round + 1, restored.last(), inserted.last());
  }
}
