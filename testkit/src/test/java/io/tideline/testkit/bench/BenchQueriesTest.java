package io.tideline.testkit.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.bench.Answer;
import io.tideline.maintenance.bench.Arrivals;
import io.tideline.maintenance.bench.Bench;
import io.tideline.maintenance.bench.BenchListener;
import io.tideline.maintenance.bench.BenchReport;
import io.tideline.maintenance.bench.Counts;
import io.tideline.maintenance.bench.Load;
import io.tideline.maintenance.bench.Machine;
import io.tideline.maintenance.bench.QueryTarget;
import io.tideline.maintenance.bench.Round;
import io.tideline.maintenance.bench.Target;
import io.tideline.maintenance.bench.Ticker;
import io.tideline.testkit.Product;
import io.tideline.testkit.SqliteTestDatabase;
import io.tideline.testkit.TestDatabase;
import io.tideline.tuning.Expectations;
import io.tideline.tuning.QueryParameter;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.QueryValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Queries of a real database under load. */
class BenchQueriesTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String SLOW =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000)"
          + " SELECT count(*) FROM n";

  @TempDir Path folder;

  private static TestDatabase filled(TestDatabase database) {
    database.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL)",
        "INSERT INTO t VALUES (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 3)");
    return database;
  }

  private static QuerySpec query(String sql, QueryParameter... parameters) {
    return new QuerySpec("q", QueryText.of(sql), List.of(parameters), Expectations.NONE);
  }

  private static Target target(Database database, QuerySpec query, Duration timeout) {
    return new QueryTarget(database, query, timeout, Clock.systemUTC());
  }

  private static Load load(boolean cold) {
    return new Load(
        Optional.of(60.0),
        Arrivals.FIXED,
        3,
        2,
        Duration.ofMillis(250),
        Duration.ZERO,
        TIMEOUT,
        1_000,
        cold,
        1);
  }

  private static BenchReport bench(Target target, Load load) {
    return new Bench(
            List.of(target), load, "test", Machine.here(), Clock.systemUTC(), Ticker.SYSTEM)
        .run(BenchListener.NONE);
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void asksWithEachSampleInTurnAndReadsEveryRow(Product product) {
    QuerySpec query =
        query(
            "SELECT id FROM t WHERE kind = :kind",
            new QueryParameter(
                "kind",
                List.of(
                    new QueryValue.Whole(1), new QueryValue.Whole(2), new QueryValue.Whole(3))));
    try (TestDatabase made = filled(product.create(folder));
        Database database = Databases.open(new DatabaseUrl(made.url()))) {
      Target target = target(database, query, TIMEOUT);

      BenchReport report = bench(target, load(false));

      Counts counts = report.targets().get(0).whole().map(Round::counts).orElseThrow();
      assertThat(counts.details()).isEqualTo(Map.of("ok", 30L));
      // Two rounds of 15 requests; the kinds go round, with one, two and three rows.
      assertThat(counts.amount()).isEqualTo(60);
      assertThat(report.identity())
          .containsEntry("target", "SELECT id FROM t WHERE kind = :kind")
          .containsKeys("samples", "database", "rate");
      assertThat(bench(target, load(true)).targets().get(0).whole().orElseThrow().counts().ok())
          .isEqualTo(30);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void whatTakesTooLongIsGivenUpAndTheConnectionGoesOn(Product product) {
    try (TestDatabase made = filled(product.create(folder));
        Database database = Databases.open(new DatabaseUrl(made.url()));
        Target.Asker asker = target(database, query(SLOW), Duration.ofMillis(300)).open()) {
      assertThat(asker.ask(0)).isEqualTo(Answer.timeout(false));
      assertThat(asker.ask(1)).isEqualTo(Answer.timeout(false));
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void whatCouldWriteIsRefusedBeforeItRuns(Product product) {
    try (TestDatabase made = filled(product.create(folder));
        Database database = Databases.open(new DatabaseUrl(made.url()))) {
      Target target = target(database, query("DELETE FROM t"), TIMEOUT);

      assertThatThrownBy(() -> bench(target, load(false)))
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_REFUSED));
      assertThat(made.count("t")).isEqualTo(6);
    }
  }

  @Test
  void aLockOfAnotherWriterIsCountedAsBusy() throws SQLException {
    try (TestDatabase made = filled(SqliteTestDatabase.create(folder))) {
      made.execute("PRAGMA journal_mode = DELETE");
      try (Database database = Databases.open(new DatabaseUrl(made.url()));
          Target.Asker asker = target(database, query("SELECT id FROM t"), TIMEOUT).open();
          Connection writer = made.connect();
          Statement statement = writer.createStatement()) {
        assertThat(asker.ask(0).kind()).isEqualTo(Answer.Kind.OK);
        statement.execute("BEGIN EXCLUSIVE");

        Answer answer = asker.ask(1);

        assertThat(answer.kind()).isEqualTo(Answer.Kind.BUSY);
        assertThat(answer.detail()).isEqualTo("database-busy");
        statement.execute("ROLLBACK");
        assertThat(asker.ask(2).kind()).isEqualTo(Answer.Kind.OK);
      }
    }
  }

  @Test
  void aBenchThatIsKilledLeavesNothing() throws IOException, InterruptedException {
    try (TestDatabase made = filled(SqliteTestDatabase.create(folder, "store.db"))) {
      made.execute("PRAGMA journal_mode = DELETE");
      Path said = folder.resolve("said.txt");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "io.tideline.cli.Main",
                  "bench",
                  "--sql",
                  "SELECT id FROM t",
                  "--database",
                  "store.db",
                  "--rate",
                  "200",
                  "--duration",
                  "10m",
                  "--warm-up",
                  "0",
                  "--save-baseline",
                  "base.json")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      while (process.isAlive() && !Files.readString(said).contains("round 1 of 5")) {
        Thread.sleep(20);
      }
      assertThat(process.isAlive()).as(Files.readString(said)).isTrue();
      process.destroyForcibly().waitFor();

      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("store.db", "said.txt");
      }
      made.execute("INSERT INTO t VALUES (7, 7)");
      assertThat(made.count("t")).isEqualTo(7);
    }
  }
}
