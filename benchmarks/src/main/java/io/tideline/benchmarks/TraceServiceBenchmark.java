package io.tideline.benchmarks;

import io.tideline.services.traces.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The last 1,000 traces of a session of the trace service, on a small and on a large store. */
final class TraceServiceBenchmark implements Benchmark {
  private static final int SMALL = 100_000;
  private static final double RATE = 40;
  private static final Duration ROUND = Duration.ofSeconds(10);
  private static final String WINDOW = "/api/sessions/" + TraceRows.HOT + "/traces?limit=1000";

  @Override
  public String name() {
    return "trace-service";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    int rows = Math.max(SMALL, options.rows());
    Path small = TraceRows.fill(workspace.file("small.db"), SMALL, TraceRows.inOrder());
    Path large = TraceRows.fill(workspace.file("large.db"), rows, TraceRows.inOrder());
    try (ServiceProcess less = service(options, workspace, small);
        ServiceProcess more = service(options, workspace, large)) {
      for (int concurrency : new int[] {10, 100}) {
        String what = "session window of 1,000, " + concurrency + " at once";
        List<HttpLoad.Taken> taken =
            new HttpLoad(Optional.of(RATE), concurrency, options.rounds(), ROUND)
                .measure(
                    HttpLoad.Side.get("100 k traces", less.url(WINDOW)),
                    HttpLoad.Side.get(rows + " traces", more.url(WINDOW)));
        taken.forEach(each -> each.print(what));
        AccountsBenchmark.said(what + ": p50 ms, large", taken.get(1).p50(), 5);
        AccountsBenchmark.said(what + ": p99 ms, large", taken.get(1).p99(), 20);
        AccountsBenchmark.said(
            what + ": p99 large / small", taken.get(1).p99() / taken.get(0).p99(), 1.5);
      }
      naive(options, workspace, rows, more);
    }
    return List.of();
  }

  private static ServiceProcess service(Options options, Workspace workspace, Path store)
      throws IOException {
    Map<String, String> env = new HashMap<>();
    env.put("TRACES_DATABASE_URL", "sqlite:" + store);
    env.put("TRACES_PORT", "0");
    env.put("TRACES_ARCHIVE", workspace.file("archive").toString());
    env.put("TRACES_RETENTION_DAYS", "off");
    env.put(
        "TRACES_RETENTION_POLICIES",
        options.root().toAbsolutePath().resolve("examples/trace-service/tideline.yaml").toString());
    return ServiceProcess.start(Main.class, "256m", workspace.folder(), env);
  }

  private static void naive(Options options, Workspace workspace, int rows, ServiceProcess ours)
      throws IOException {
    Path old =
        TraceRows.fill(workspace.file("old.db"), TraceRows.Mapping.OLD, rows, TraceRows.inOrder());
    try (ServiceProcess naive =
        ServiceProcess.start(
            NaiveTraces.class, "4g", workspace.folder(), Map.of("NAIVE_STORE", old.toString()))) {
      List<HttpLoad.Taken> taken =
          new HttpLoad(Optional.empty(), 1, options.rounds(), ROUND)
              .measure(
                  HttpLoad.Side.get("ours", ours.url(WINDOW)),
                  HttpLoad.Side.get("naive, old layout", naive.url(WINDOW)));
      taken.forEach(each -> each.print("session window, one after the other"));
      System.out.printf(
          Locale.ROOT,
          "session window: p50 of naive / ours: %.0f%n",
          taken.get(1).p50() / taken.get(0).p50());
    }
  }
}
