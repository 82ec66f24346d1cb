package io.tideline.services.accounts;

import io.tideline.services.web.DatabaseAddress;
import io.tideline.services.web.Environment;
import io.tideline.services.web.Opening;
import io.tideline.services.web.Web;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the environment says; the README has each variable. Each optimisation is switched off alone:
 * a TTL of zero, no buffer, sticky sessions in the database, no refresh.
 */
record AccountsSettings(
    Environment environment,
    Opening database,
    Caches caches,
    Logs logs,
    Sticky sticky,
    Refresh refresh,
    Path policies,
    String retentionCron,
    Web.Listen listen,
    Duration upstream) {

  private static final int MOST_CONNECTIONS = 64;

  /** More often asks an upstream more than it answers. */
  private static final double LEAST_REFRESH = 0.1;

  /** For how long each snapshot is fresh; zero for no cache. */
  record Caches(Duration accounts, Duration usage, Duration routing) {}

  /** How request logs are gathered. */
  record Logs(
      boolean buffered,
      int maxRows,
      int flushRows,
      Duration flushEvery,
      Duration patience,
      Path aside) {}

  /** Where a session's account is remembered, and for how long without use. */
  record Sticky(boolean inDatabase, Duration unused, int mostKeys) {}

  /** Whether and how often usage is fetched. */
  record Refresh(boolean on, Duration every) {}

  static AccountsSettings of(Environment env) {
    String url = "CODEX_LB_DATABASE_URL";
    int pool = env.whole("CODEX_LB_DATABASE_POOL_SIZE", 15, 1, MOST_CONNECTIONS);
    int more = MOST_CONNECTIONS - pool;
    int overflow = env.whole("CODEX_LB_DATABASE_MAX_OVERFLOW", Math.min(10, more), 0, more);
    return new AccountsSettings(
        env,
        new Opening(
            DatabaseAddress.of(url, env.text(url, "sqlite:store.db")),
            pool + overflow,
            env.seconds("CODEX_LB_DATABASE_POOL_TIMEOUT_SECONDS", 30, Opening.LEAST_ACQUIRE),
            Duration.ofMillis(
                env.whole("CODEX_LB_DATABASE_SQLITE_BUSY_TIMEOUT_MS", 5_000, 0, 600_000))),
        new Caches(
            env.seconds("CODEX_LB_ACCOUNTS_CACHE_TTL_SECONDS", 30),
            env.seconds("CODEX_LB_USAGE_CACHE_TTL_SECONDS", 5),
            env.seconds("CODEX_LB_ROUTING_CACHE_TTL_SECONDS", 2)),
        logs(env),
        new Sticky(
            env.choice("CODEX_LB_STICKY_SESSIONS_BACKEND", "memory", List.of("memory", "db"))
                .equals("db"),
            env.seconds("CODEX_LB_STICKY_SESSIONS_TTL_SECONDS", 86_400, 1),
            env.whole("CODEX_LB_STICKY_SESSIONS_MAX_KEYS", 100_000, 1, 10_000_000)),
        new Refresh(
            env.flag("CODEX_LB_USAGE_REFRESH_ENABLED", true),
            env.seconds("CODEX_LB_USAGE_REFRESH_INTERVAL_SECONDS", 60, LEAST_REFRESH)),
        Path.of(env.text("CODEX_LB_RETENTION_POLICIES", "tideline.yaml")),
        env.text("CODEX_LB_RETENTION_CRON", "30 3 * * *"),
        new Web.Listen(
            env.text("CODEX_LB_HOST", "127.0.0.1"),
            env.whole("CODEX_LB_PORT", 2455, 0, 65_535),
            env.whole("CODEX_LB_HTTP_THREADS", 64, 8, 1_000)),
        env.seconds("CODEX_LB_SIMULATED_UPSTREAM_SECONDS", 0));
  }

  private static Logs logs(Environment env) {
    return new Logs(
        env.flag("CODEX_LB_REQUEST_LOGS_BUFFER_ENABLED", true),
        env.whole("CODEX_LB_REQUEST_LOGS_BUFFER_MAX_ROWS", 10_000, 1, 1_000_000),
        env.whole("CODEX_LB_REQUEST_LOGS_BUFFER_FLUSH_ROWS", 500, 1, 100_000),
        env.seconds("CODEX_LB_REQUEST_LOGS_BUFFER_FLUSH_SECONDS", 0.2, 0.001),
        env.seconds("CODEX_LB_REQUEST_LOGS_BUFFER_WAIT_SECONDS", 1, 0.001),
        Path.of(env.text("CODEX_LB_REQUEST_LOGS_SET_ASIDE", "set-aside.jsonl")));
  }
}
