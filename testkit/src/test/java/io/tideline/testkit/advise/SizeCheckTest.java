package io.tideline.testkit.advise;

import static io.tideline.testkit.advise.Asking.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.maintenance.advise.SizeCheck;
import io.tideline.maintenance.advise.SizeReport;
import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.Product;
import io.tideline.testkit.SqliteTestDatabase;
import io.tideline.testkit.TestDatabase;
import io.tideline.tuning.Breach;
import io.tideline.tuning.Expectations;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.TableSize;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a database of a few rows, as in CI. */
class SizeCheckTest {
  @TempDir Path folder;

  private static final Expectations BY_STATUS =
      new Expectations(List.of("by_status"), true, List.of(), false, Optional.empty());

  private static final QuerySpec RARE =
      query("rare", "SELECT * FROM jobs WHERE status = :s", Map.of("s", 3), BY_STATUS);

  private static final QuerySpec UNINDEXED =
      query("unindexed", "SELECT * FROM jobs WHERE owner = :o", Map.of("o", 3));

  @ParameterizedTest
  @EnumSource(Product.class)
  void canAndWillAreToldApart(Product product) {
    try (TestDatabase database =
        product == Product.SQLITE
            ? SqliteTestDatabase.create(folder)
            : EmbeddedPostgresServer.shared().freshDatabase()) {
      database.execute(
          "CREATE TABLE jobs (id INTEGER PRIMARY KEY, status INTEGER, owner INTEGER)",
          "CREATE INDEX by_status ON jobs (status)",
          "INSERT INTO jobs VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3)",
          "ANALYZE");
      try (Database open = Databases.open(new DatabaseUrl(database.url()));
          SizeCheck small = SizeCheck.open(open, List.of(), Instant.EPOCH);
          SizeCheck large =
              SizeCheck.open(
                  open,
                  List.of(new TableSize("jobs", 5_000_000, Map.of("status", 100_000L))),
                  Instant.EPOCH)) {
        assertThat(large.judge(RARE).willNot()).isEmpty();
        SizeReport.Sized never = large.judge(UNINDEXED);
        assertThat(never.cannot())
            .extracting(Breach::rule)
            .containsExactly(Breach.Rule.NO_FULL_SCAN);
        assertThat(never.willNot()).hasSameSizeAs(never.cannot());
        assertThat(large.basis())
            .anyMatch(line -> line.startsWith("jobs: 5,000,000 rows (declared"));
        if (product == Product.POSTGRESQL) { // SQLite seeks whatever the size
          SizeReport.Sized here = small.judge(RARE);
          assertThat(here.willNot()).isNotEmpty();
          assertThat(here.cannot()).isEmpty();
        }
      }
    }
  }

  /** As CI has it after the migrations. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void aTableWithoutRowsStandsInAsOneOfThoseDeclared(Product product) {
    try (TestDatabase database =
        product == Product.SQLITE
            ? SqliteTestDatabase.create(folder)
            : EmbeddedPostgresServer.shared().freshDatabase()) {
      database.execute(
          "CREATE TABLE jobs (id INTEGER PRIMARY KEY, code VARCHAR(20) NOT NULL UNIQUE,"
              + " status INTEGER NOT NULL, owner INTEGER NOT NULL, at TIMESTAMP NOT NULL,"
              + " note TEXT NOT NULL)",
          "CREATE INDEX by_status ON jobs (status)");
      try (Database open = Databases.open(new DatabaseUrl(database.url()));
          SizeCheck check =
              SizeCheck.open(
                  open,
                  List.of(new TableSize("jobs", 5_000_000, Map.of("status", 100_000L))),
                  Instant.EPOCH)) {
        SizeReport report =
            check.run(
                "here",
                List.of(
                    RARE, UNINDEXED, query("broken", "SELECT x FROM jobs", Map.of(), BY_STATUS)));
        assertThat(report.queries().get(0).willNot()).isEmpty();
        assertThat(report.queries().get(1).willNot())
            .extracting(Breach::rule)
            .containsExactly(Breach.Rule.NO_FULL_SCAN);
        assertThat(report.queries().get(2).failure()).contains("x");
        assertThat(report.failed()).isEqualTo(2);
        assertThat(report.basis()).anyMatch(line -> line.startsWith("jobs: 5,000,000 rows (decl"));
      }
    }
  }
}
