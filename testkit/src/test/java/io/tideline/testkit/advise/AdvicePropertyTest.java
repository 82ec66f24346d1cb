package io.tideline.testkit.advise;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.maintenance.advise.AdviceReport;
import io.tideline.maintenance.advise.IndexAdvice;
import io.tideline.maintenance.advise.QueryAdvice;
import io.tideline.maintenance.advise.QueryAdvice.Outcome;
import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.Product;
import io.tideline.testkit.SqliteTestDatabase;
import io.tideline.testkit.TestDatabase;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.TableSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is advised for any query of one table is good when it is taken. */
class AdvicePropertyTest {
  private static final long SEED = 20_260_101;
  private static final int QUERIES = 14;

  @TempDir Path folder;

  private TestDatabase create(Product product) {
    return product == Product.SQLITE
        ? SqliteTestDatabase.create(folder)
        : EmbeddedPostgresServer.shared().freshDatabase();
  }

  private static String columns(String each) {
    return RandomQuery.COLUMNS.keySet().stream()
        .sorted()
        .map(column -> each.formatted(column, RandomQuery.COLUMNS.get(column)))
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void whatIsAdvisedMends(Product product) {
    Random random = new Random(SEED);
    try (TestDatabase database = create(product)) {
      String values =
          product == Product.SQLITE
              ? columns("abs(random()) %% %2$d")
              : columns("floor(random() * %2$d)::int");
      database.execute(
          "CREATE TABLE t (id INTEGER PRIMARY KEY, " + columns("%1$s INTEGER") + ")",
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
              + " INSERT INTO t SELECT i, "
              + values
              + " FROM n");
      Asking asking = new Asking(database, folder);
      asking.analyze();
      int mended = 0;
      for (int i = 0; i < QUERIES; i++) {
        QuerySpec query = RandomQuery.of("q" + i, "t", random);
        AdviceReport report = asking.advise(query);
        QueryAdvice advice = report.queries().get(0);
        String told = "seed " + SEED + ", query " + query.text() + ": " + advice;
        assertThat(advice.outcome()).as(told).isIn(Outcome.MENDED, Outcome.EASED, Outcome.GOOD);
        if (advice.outcome() == Outcome.MENDED) {
          mended++;
          asking.take(report);
          assertThat(asking.breaches(query)).as(told).isEmpty();
          for (IndexAdvice index : report.indexes()) {
            database.execute("DROP INDEX " + TestDatabase.quote(index.index().name()));
          }
        }
      }
      assertThat(mended).as("seed " + SEED).isGreaterThan(QUERIES / 2);
    }
  }

  /** In tables without rows, as in CI, of which the sizes are told. */
  @Test
  void aThousandQueriesShareTheirIndexes() {
    Random random = new Random(SEED);
    try (SqliteTestDatabase database = SqliteTestDatabase.create(folder)) {
      List<TableSize> sizes = new ArrayList<>();
      List<QuerySpec> queries = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        database.execute(
            "CREATE TABLE t" + i + " (id INTEGER PRIMARY KEY, " + columns("%1$s INTEGER") + ")");
        sizes.add(TableSize.of("t" + i, 1_000_000));
      }
      for (int i = 0; i < 1_000; i++) {
        queries.add(RandomQuery.of("q" + i, "t" + i % 10, random));
      }
      AdviceReport report =
          new Asking(database, folder).advise(sizes, Duration.ofMinutes(2), queries);
      assertThat(report.queries()).hasSize(1_000);
      assertThat(report.queries())
          .filteredOn(query -> query.outcome() == Outcome.MENDED)
          .hasSizeGreaterThan(700);
      assertThat(report.indexes()).hasSizeLessThan(600);
      assertThat(report.basis()).contains("t0: 1,000,000 rows (declared)");
    }
  }

  @Test
  void whatTheTimeDoesNotSufficeForIsTold() {
    try (SqliteTestDatabase database = SqliteTestDatabase.create(folder)) {
      database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, c0 INTEGER)");
      QuerySpec query = Asking.query("late", "SELECT * FROM t WHERE c0 = :v", Map.of("v", 1));
      AdviceReport report =
          new Asking(database, folder).advise(List.of(), Duration.ZERO, List.of(query));
      assertThat(report.queries().get(0).outcome()).isEqualTo(Outcome.LEFT);
      assertThat(report.indexes()).isEmpty();
    }
  }
}
