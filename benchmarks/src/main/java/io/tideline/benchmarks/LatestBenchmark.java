package io.tideline.benchmarks;

import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.maintenance.bench.Arrivals;
import io.tideline.maintenance.bench.Bench;
import io.tideline.maintenance.bench.BenchListener;
import io.tideline.maintenance.bench.BenchReport;
import io.tideline.maintenance.bench.Load;
import io.tideline.maintenance.bench.QueryTarget;
import io.tideline.maintenance.bench.Round;
import io.tideline.maintenance.bench.Target;
import io.tideline.maintenance.bench.TargetReport;
import io.tideline.maintenance.bench.Ticker;
import io.tideline.maintenance.check.PlanCheck;
import io.tideline.tuning.Expectations;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.QueryText;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The latest row of each account: by a window function over all rows, and by a seek for each. */
final class LatestBenchmark implements Benchmark {
  private static final int[] SIZES = {90_000, 1_000_000, 9_000_000};
  private static final int ACCOUNTS = 33;

  private static final String TABLES =
      """
      CREATE TABLE accounts (id TEXT PRIMARY KEY);
      CREATE TABLE usage_history (id BIGINT PRIMARY KEY, account_id TEXT NOT NULL,
        recorded_at TEXT NOT NULL, "window" TEXT NOT NULL, used_percent REAL NOT NULL,
        window_minutes INTEGER NOT NULL);
      INSERT INTO accounts SELECT 'acc-' || i FROM %1$s WHERE i < %2$d;
      INSERT INTO usage_history SELECT i, 'acc-' || (i %% %2$d), %3$s,
        CASE (i / %2$d) %% 2 WHEN 0 THEN 'primary' ELSE 'secondary' END, i %% 100, 300 FROM %1$s;
      CREATE INDEX usage_latest ON usage_history ("window", account_id, recorded_at DESC);
      ANALYZE
      """;

  private static final QueryText WINDOW =
      QueryText.of(
          """
          SELECT id, account_id, recorded_at, "window", used_percent, window_minutes
          FROM (SELECT h.*, row_number() OVER
                  (PARTITION BY account_id, "window" ORDER BY recorded_at DESC) AS place
                FROM usage_history h) ranked
          WHERE place = 1
          """);

  private static final QueryText SEEK =
      QueryText.of(
          """
          SELECT u.id, u.account_id, u.recorded_at, u."window", u.used_percent, u.window_minutes
          FROM accounts a
          CROSS JOIN (SELECT 'primary' AS kind UNION ALL SELECT 'secondary') w
          JOIN usage_history u ON u.id =
            (SELECT h.id FROM usage_history h WHERE h."window" = w.kind AND h.account_id = a.id
             ORDER BY h.recorded_at DESC LIMIT 1)
          """);

  @Override
  public String name() {
    return "latest";
  }

  @Override
  public List<Comparison> measure(Options options, Workspace workspace) throws IOException {
    System.out.println("latest of 33 accounts, both windows: p50 / p99 of one after the other");
    for (int rows : SIZES) {
      if (rows <= options.rows()) {
        Path file = workspace.file("latest.db");
        try (Connection connection = SqliteStore.connect(file)) {
          make(connection, "PRAGMA journal_mode = WAL", sqliteTables(rows));
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
        measure(options, "sqlite", "sqlite:" + file, rows);
        workspace.removeDatabase("latest.db");
      }
    }
    postgres(options, workspace);
    return List.of();
  }

  private static void postgres(Options options, Workspace workspace) throws IOException {
    Optional<Path> binaries = PostgresCluster.binaries();
    if (binaries.isEmpty()) {
      System.out.println("Skipped: PostgreSQL, whose server is not installed");
      return;
    }
    try (PostgresCluster cluster = PostgresCluster.start(binaries.get(), workspace)) {
      for (int rows : SIZES) {
        if (rows <= options.rows()) {
          cluster.execute("postgres", "CREATE DATABASE latest");
          try (Connection connection = cluster.connect("latest")) {
            make(connection, "SELECT 1", postgresTables(rows));
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
          measure(options, "postgresql", cluster.url("latest"), rows);
          cluster.drop("latest");
        }
      }
    }
  }

  private static String sqliteTables(int rows) {
    String numbers =
        "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
            + " SELECT i FROM n)";
    String time = "datetime(1750000000 + i, 'unixepoch')";
    return String.format(
        Locale.ROOT, TABLES, String.format(Locale.ROOT, numbers, rows - 1), ACCOUNTS, time);
  }

  private static String postgresTables(int rows) {
    String numbers = String.format(Locale.ROOT, "generate_series(0, %d) AS n(i)", rows - 1);
    String time =
        "to_char(to_timestamp(1750000000 + i) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')";
    return String.format(Locale.ROOT, TABLES, numbers, ACCOUNTS, time);
  }

  private static void make(Connection connection, String first, String script) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(first);
      for (String sql : script.split(";")) {
        statement.execute(sql);
      }
      requireSameAnswers(statement);
    }
  }

  /** Whatever is faster must say the same: 66 rows, and together no more. */
  private static void requireSameAnswers(Statement statement) throws SQLException {
    String sql =
        String.format(
            Locale.ROOT,
            "SELECT (SELECT count(*) FROM (%1$s) a), (SELECT count(*) FROM (%2$s) b),"
                + " (SELECT count(*) FROM (SELECT * FROM (%1$s) c UNION SELECT * FROM (%2$s) d) e)",
            WINDOW.sql(),
            SEEK.sql());
    try (ResultSet result = statement.executeQuery(sql)) {
      result.next();
      for (int i = 1; i <= 3; i++) {
        if (result.getInt(i) != 2 * ACCOUNTS) {
          throw new IllegalStateException("The two queries do not answer alike");
        }
      }
    }
  }

  /** What {@code tideline check} says of a query, with its first reason. */
  private static String judged(String url, QueryText text) {
    try (PlanCheck plans = PlanCheck.open(url)) {
      plans.query(text.sql()).noFullScan("accounts").noSort().examinesAtMost(10).verify();
      return "passes";
    } catch (AssertionError e) {
      return "fails: "
          + String.valueOf(e.getMessage())
              .lines()
              .skip(1 + text.sql().lines().count())
              .findFirst()
              .orElse("");
    }
  }

  private static void measure(Options options, String product, String url, int rows) {
    for (QueryText text : List.of(WINDOW, SEEK)) {
      String name = text.equals(WINDOW) ? "window function" : "seek";
      System.out.printf(
          Locale.ROOT, "check, %s, %,d rows, %s: %s%n", product, rows, name, judged(url, text));
    }
    try (Database database = Databases.open(new DatabaseUrl(url))) {
      List<Target> targets = new ArrayList<>();
      targets.add(target(database, "window function", WINDOW));
      targets.add(target(database, "seek", SEEK));
      Load load =
          new Load(
              Optional.empty(),
              Arrivals.FIXED,
              1,
              options.rounds(),
              Duration.ofSeconds(2),
              Duration.ofSeconds(2),
              Duration.ofMinutes(5),
              1,
              false,
              1);
      BenchReport report =
          new Bench(
                  targets,
                  load,
                  "benchmarks",
                  io.tideline.maintenance.bench.Machine.here(),
                  Clock.systemUTC(),
                  Ticker.SYSTEM)
              .run(BenchListener.NONE);
      report.targets().forEach(each -> print(product, rows, each));
    }
  }

  private static Target target(Database database, String name, QueryText text) {
    return new QueryTarget(
        database,
        new QuerySpec(name, text, List.of(), Expectations.NONE),
        Duration.ofMinutes(5),
        Clock.systemUTC());
  }

  private static void print(String product, int rows, TargetReport target) {
    Round whole = target.whole().orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "latest, %-10s %,9d rows, %-15s p50 %9.3f ms, p99 %9.3f ms, %,d answers%n",
        product,
        rows,
        target.name(),
        whole.service().p50().toNanos() / 1e6,
        whole.service().p99().toNanos() / 1e6,
        whole.counts().ok());
  }
}
