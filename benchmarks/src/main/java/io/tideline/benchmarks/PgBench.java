package io.tideline.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** An application made of {@code pgbench} at a fixed rate: inserts, and reads of an account. */
final class PgBench implements LiveSides.Application {
  private static final int RATE = 200;
  private static final String SCRIPT =
      """
      \\set id random(1000000000, 9000000000000)
      INSERT INTO request_logs VALUES (:id, 'acc_000000000000', now(), 'gpt-5', 'success',
        'req_' || :id, 1, 1, NULL, 1, 1, NULL, '/v1/responses', 'session')
        ON CONFLICT DO NOTHING;
      SELECT id FROM request_logs WHERE account_id = 'acc_000000000000'
        ORDER BY requested_at DESC LIMIT 50;
      """;

  private final PostgresCluster cluster;
  private final String database;
  private final Path folder;

  PgBench(PostgresCluster cluster, String database, Workspace workspace) throws IOException {
    this.cluster = cluster;
    this.database = database;
    this.folder = workspace.file("pgbench");
    workspace.remove("pgbench");
    Files.createDirectory(folder);
    Files.writeString(folder.resolve("script.sql"), SCRIPT);
  }

  @Override
  public Felt.Round during(LiveSides.Work work) throws IOException {
    Path log = folder.resolve("log");
    List<String> command =
        cluster.pgbench(
            database,
            "-n",
            "-c",
            "2",
            "-R",
            Integer.toString(RATE),
            "-T",
            "600",
            "-f",
            folder.resolve("script.sql").toString(),
            "-l",
            "--log-prefix=" + log);
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("errors").toFile())
            .start();
    double[] went;
    try {
      Thread.sleep(1_000);
      went = work.run();
    } catch (Exception e) {
      throw new IllegalStateException(Files.readString(folder.resolve("errors")), e);
    } finally {
      process.destroy();
      process.onExit().join();
    }
    double[] latencies = latencies(log);
    for (Path each : logs(log)) {
      Files.delete(each);
    }
    return new Felt.Round(
        latencies[latencies.length / 2],
        latencies[(int) Math.ceil(0.99 * latencies.length) - 1],
        latencies[latencies.length - 1],
        0,
        0,
        went[0] / went[1]);
  }

  private static List<Path> logs(Path prefix) throws IOException {
    try (Stream<Path> files = Files.list(prefix.toAbsolutePath().getParent())) {
      return files
          .filter(each -> each.getFileName().toString().startsWith(prefix.getFileName() + "."))
          .toList();
    }
  }

  /**
   * Milliseconds from the scheduled beginning to the end of each, sorted; the first second left
   * out.
   */
  private static double[] latencies(Path prefix) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path log : logs(prefix)) {
      lines.addAll(Files.readAllLines(log));
    }
    return lines.stream()
        .skip(RATE)
        .map(line -> line.split(" ", -1))
        .filter(parts -> parts.length >= 6)
        .mapToDouble(parts -> Double.parseDouble(parts[2]) / 1e3)
        .sorted()
        .toArray();
  }

  @Override
  public void close() {
    cluster.drop(database);
  }
}
