package io.tideline.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs benchmarks and prints their comparisons. */
public final class Benchmarks {
  private static final List<Benchmark> ALL =
      List.of(
          new SqliteBenchmark(),
          new PostgresBenchmark(),
          new RestoreBenchmark(),
          new TreesBenchmark(false),
          new TreesBenchmark(true),
          new LiveSqliteBenchmark(),
          new LivePostgresBenchmark(),
          new ReclaimBenchmark(),
          new BackupBenchmark(),
          new LatestBenchmark(),
          new AccountsBenchmark(),
          new TraceServiceBenchmark(),
          new InsertsBenchmark(),
          new BufferedBenchmark(),
          new TracesBenchmark(),
          new StartupBenchmark());

  private Benchmarks() {}

  /** Measures what the arguments name; see {@link Options#parse}. */
  public static void main(String[] arguments) throws IOException {
    Options options = Options.parse(arguments);
    System.out.println(Machine.describe());
    List<Comparison> comparisons = new ArrayList<>();
    for (Benchmark benchmark : ALL) {
      if (options.wants(benchmark.name())) {
        comparisons.addAll(measure(benchmark, options));
      }
    }
    if (!comparisons.isEmpty()) {
      System.out.println();
      Comparison.print(comparisons, System.out);
    }
  }

  private static List<Comparison> measure(Benchmark benchmark, Options options) throws IOException {
    try (Workspace workspace = Workspace.create()) {
      return benchmark.measure(options, workspace);
    }
  }
}
