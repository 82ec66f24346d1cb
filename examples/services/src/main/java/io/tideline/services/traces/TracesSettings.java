package io.tideline.services.traces;

import io.tideline.services.web.DatabaseAddress;
import io.tideline.services.web.Environment;
import io.tideline.services.web.Opening;
import io.tideline.services.web.Web;
import java.nio.file.Path;
import java.time.Duration;

/** What the environment says; the README has each variable. */
record TracesSettings(
    Environment environment,
    Opening database,
    boolean buffered,
    int bufferRows,
    Path aside,
    int largestBody,
    Path policies,
    String retentionCron,
    Web.Listen listen) {

  private static final int MIB = 1 << 20;

  static TracesSettings of(Environment env) {
    String url = "TRACES_DATABASE_URL";
    return new TracesSettings(
        env,
        new Opening(
            DatabaseAddress.of(url, env.text(url, "sqlite:traces.db")),
            env.whole("TRACES_DATABASE_CONNECTIONS", 10, 1, 64),
            env.seconds("TRACES_DATABASE_POOL_TIMEOUT_SECONDS", 30, Opening.LEAST_ACQUIRE),
            Duration.ofMillis(env.whole("TRACES_DATABASE_BUSY_TIMEOUT_MS", 5_000, 0, 600_000))),
        env.flag("TRACES_BUFFER_ENABLED", false),
        env.whole("TRACES_BUFFER_MAX_ROWS", 10_000, 1, 1_000_000),
        Path.of(env.text("TRACES_SET_ASIDE", "set-aside.jsonl")),
        env.whole("TRACES_LARGEST_BODY_MIB", 33, 1, 256) * MIB,
        Path.of(env.text("TRACES_RETENTION_POLICIES", "tideline.yaml")),
        env.text("TRACES_RETENTION_CRON", "30 3 * * *"),
        new Web.Listen(
            env.text("TRACES_HOST", "127.0.0.1"),
            env.whole("TRACES_PORT", 2456, 0, 65_535),
            env.whole("TRACES_HTTP_THREADS", 64, 8, 1_000)));
  }
}
