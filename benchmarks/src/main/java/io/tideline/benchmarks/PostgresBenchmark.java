package io.tideline.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** PostgreSQL: archive and delete, beside {@code \copy} and DELETE by psql. */
final class PostgresBenchmark implements Benchmark {
  private static final double OF_PSQL = 0.45;
  private static final double OF_DELETE = 0.5;

  @Override
  public String name() {
    return "postgresql";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    Optional<Path> binaries = PostgresCluster.binaries();
    if (binaries.isEmpty()) {
      System.out.println("Skipped: PostgreSQL, whose server is not installed");
      return List.of();
    }
    List<Comparison> comparisons = new ArrayList<>();
    try (PostgresCluster cluster = PostgresCluster.start(binaries.get(), workspace)) {
      for (Expiry expiry : Expiry.values()) {
        int expired = expiry.expired(options.rows());
        RequestTable table = new RequestTable(options.rows(), expired, Instant.now(), true);
        cluster.create("template", table);
        comparisons.addAll(measure(options, workspace, cluster, expiry, table));
        cluster.drop("template");
      }
    }
    return comparisons;
  }

  private static List<Comparison> measure(
      Options options,
      Workspace workspace,
      PostgresCluster cluster,
      Expiry expiry,
      RequestTable table)
      throws IOException {
    Times run = new Times();
    Times whole = new Times();
    Times exported = new Times();
    Times deleted = new Times();
    Times oneDelete = new Times();
    for (int round = 0; round < options.rounds(); round++) {
      cluster.copy("template", "ours");
      TidelineSide.Took took =
          TidelineSide.archive(cluster.url("ours"), workspace.file("archive"), table.expired());
      run.add(took.run());
      whole.add(took.whole());
      workspace.remove("archive");
      cluster.drop("ours");
      cluster.copy("template", "theirs");
      exported.add(export(cluster, workspace, table));
      cluster.drop("theirs");
      workspace.remove("psql.csv");
      cluster.copy("template", "ours");
      deleted.add(
          TidelineSide.delete(cluster.url("ours"), workspace.file("archive"), table.expired()));
      workspace.remove("archive");
      cluster.drop("ours");
      cluster.copy("template", "theirs");
      oneDelete.add(
          cluster.psql(
              "theirs",
              "DELETE FROM request_logs WHERE requested_at < '%s+00';".formatted(table.cutoff())));
      cluster.drop("theirs");
      System.out.printf(
          "postgresql, %s, round %d: run %s, whole %s, psql %s, delete %s, one DELETE %s%n",
          expiry.words(),
          round + 1,
          run.last(),
          whole.last(),
          exported.last(),
          deleted.last(),
          oneDelete.last());
    }
    String what = "postgresql, " + expiry.words() + ": ";
    long rows = table.expired();
    return List.of(
        new Comparison(what + "run / psql", rows, run, Optional.of(exported), OF_PSQL),
        new Comparison(what + "plan + run / psql", rows, whole, Optional.of(exported), OF_PSQL),
        new Comparison(
            what + "delete / one DELETE", rows, deleted, Optional.of(oneDelete), OF_DELETE));
  }

  private static double export(PostgresCluster cluster, Workspace workspace, RequestTable table) {
    String script =
        """
        \\copy (SELECT * FROM request_logs WHERE requested_at < '%1$s+00') TO '%2$s' csv
        DELETE FROM request_logs WHERE requested_at < '%1$s+00';
        """
            .formatted(table.cutoff(), workspace.file("psql.csv"));
    double seconds = cluster.psql("theirs", script);
    long left = cluster.count("theirs", RequestTable.NAME);
    if (left != table.rows() - table.expired()) {
      throw new IllegalStateException("psql left " + left + " rows");
    }
    return seconds;
  }
}
