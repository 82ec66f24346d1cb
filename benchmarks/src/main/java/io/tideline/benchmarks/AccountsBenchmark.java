package io.tideline.benchmarks;

import io.tideline.cli.demo.CodexLbStore;
import io.tideline.services.accounts.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /api/accounts} of the accounts service: without a cache on a small and on a large
 * history, beside the naive service; and with it while the proxy logs and a retention run goes.
 */
final class AccountsBenchmark implements Benchmark {
  private static final int SMALL = 90_000;
  private static final int LOGS = 48_000;
  private static final double RATE = 100;
  private static final double PROXIED = 200;
  private static final Duration ROUND = Duration.ofSeconds(10);
  private static final String PAGE = "/api/accounts";

  @Override
  public String name() {
    return "accounts";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    Path small = store(workspace, "small.db", SMALL);
    Path large = store(workspace, "large.db", Math.max(SMALL, options.rows()));
    flat(options, workspace, small, large);
    naive(options, workspace, small, large);
    live(options, workspace, large);
    return List.of();
  }

  private static Path store(Workspace workspace, String name, int rows) {
    Path file = workspace.file(name);
    try {
      new CodexLbStore(33, rows, LOGS, 1).create(file, Instant.now());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return file;
  }

  private static ServiceProcess service(
      Options options, Workspace workspace, Path store, String... others) throws IOException {
    Map<String, String> env = new HashMap<>();
    env.put("CODEX_LB_DATABASE_URL", "sqlite:" + store);
    env.put("CODEX_LB_PORT", "0");
    env.put("CODEX_LB_ARCHIVE", workspace.file("archive").toString());
    env.put(
        "CODEX_LB_RETENTION_POLICIES",
        options
            .root()
            .toAbsolutePath()
            .resolve("examples/accounts-service/tideline.yaml")
            .toString());
    for (int i = 0; i < others.length; i += 2) {
      env.put(others[i], others[i + 1]);
    }
    return ServiceProcess.start(Main.class, "256m", workspace.folder(), env);
  }

  private static final String[] NO_CACHE = {
    "CODEX_LB_ACCOUNTS_CACHE_TTL_SECONDS", "0", "CODEX_LB_USAGE_CACHE_TTL_SECONDS", "0"
  };

  /** Small and large in turn, in the same run. */
  private static void flat(Options options, Workspace workspace, Path small, Path large)
      throws IOException {
    try (ServiceProcess less = service(options, workspace, small, NO_CACHE);
        ServiceProcess more = service(options, workspace, large, NO_CACHE)) {
      for (int concurrency : new int[] {10, 100}) {
        String what = "accounts, cache off, " + concurrency + " at once";
        List<HttpLoad.Taken> taken =
            new HttpLoad(Optional.of(RATE), concurrency, options.rounds(), ROUND)
                .measure(
                    HttpLoad.Side.get("90 k rows", less.url(PAGE)),
                    HttpLoad.Side.get(options.rows() + " rows", more.url(PAGE)));
        taken.forEach(each -> each.print(what));
        said(what + ": p99 large / small", taken.get(1).p99() / taken.get(0).p99(), 1.5);
      }
    }
  }

  private static void naive(Options options, Workspace workspace, Path small, Path large)
      throws IOException {
    try (ServiceProcess ours = service(options, workspace, large, NO_CACHE);
        ServiceProcess less =
            ServiceProcess.start(
                NaiveAccounts.class,
                "1g",
                workspace.folder(),
                Map.of("NAIVE_STORE", small.toString()));
        ServiceProcess more =
            ServiceProcess.start(
                NaiveAccounts.class,
                "8g",
                workspace.folder(),
                Map.of("NAIVE_STORE", large.toString()))) {
      // One after the other: by rate its answers would never end.
      List<HttpLoad.Taken> taken =
          new HttpLoad(Optional.empty(), 1, options.rounds(), ROUND)
              .measure(
                  HttpLoad.Side.get("ours, large", ours.url(PAGE)),
                  HttpLoad.Side.get("naive, 90 k rows", less.url(PAGE)),
                  HttpLoad.Side.get("naive, large", more.url(PAGE)));
      taken.forEach(each -> each.print("accounts, one after the other"));
      System.out.printf(
          Locale.ROOT,
          "accounts: p50 of naive / ours on the large one: %.0f%n",
          taken.get(2).p50() / taken.get(0).p50());
    }
  }

  /** With the cache, beside the proxy's logs and a run. */
  private static void live(Options options, Workspace workspace, Path large) throws IOException {
    try (ServiceProcess service =
        service(
            options,
            workspace,
            large,
            "CODEX_LB_USAGE_HISTORY_RETENTION_DAYS",
            "7",
            "CODEX_LB_REQUEST_LOGS_RETENTION_DAYS",
            "30")) {
      HttpLoad.Side proxy =
          new HttpLoad.Side(
              "proxy", service.url("/v1/responses"), "POST", "{\"model\": \"gpt-5\"}");
      HttpLoad.Side shown = HttpLoad.Side.get("page", service.url(PAGE));
      new HttpLoad(Optional.of(PROXIED), 10, 1, ROUND).measure(shown, proxy);
      service.ask("POST", "/api/retention");
      CompletableFuture<List<HttpLoad.Taken>> beside =
          CompletableFuture.supplyAsync(
              () -> new HttpLoad(Optional.of(PROXIED), 20, options.rounds(), ROUND).measure(proxy));
      List<HttpLoad.Taken> page =
          new HttpLoad(Optional.of(RATE), 10, options.rounds(), ROUND).measure(shown);
      String what = "accounts, cache on, beside 200 logs/s and a run";
      page.forEach(each -> each.print(what));
      beside.join().forEach(each -> each.print(what));
      said(what + ": p95 ms", page.get(0).p95(), 5);
      said(what + ": p99 ms", page.get(0).p99(), 20);
      System.out.println("  at the end: " + service.ask("GET", "/health"));
    }
  }

  static void said(String what, double found, double most) {
    System.out.printf(
        Locale.ROOT,
        "%s: %.2f, wanted at most %.2f: %s%n",
        what,
        found,
        most,
        found <= most ? "reached" : "MISSED");
  }
}
