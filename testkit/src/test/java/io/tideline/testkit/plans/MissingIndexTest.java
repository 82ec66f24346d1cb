package io.tideline.testkit.plans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Finding;
import io.tideline.plan.Plan;
import io.tideline.plan.UnindexedKey;
import io.tideline.policy.Dependent;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Foreign keys that no index serves. */
class MissingIndexTest {
  private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
  private static final int PARENTS = 20_000;
  private static final int CHILDREN = 10_000;

  @TempDir Path folder;

  private TestDatabase database(Product product, String... indexes) {
    TestDatabase database = product.create(folder);
    String series =
        product == Product.POSTGRESQL
            ? "generate_series(1, %d) AS s(n)"
            : "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %d)"
                + " SELECT n FROM s) AS s";
    database.execute(
        "CREATE TABLE runs (id integer PRIMARY KEY, at text)",
        "CREATE TABLE rows_ (id integer PRIMARY KEY, run integer REFERENCES runs (id))",
        "CREATE TABLE marks (id integer PRIMARY KEY, run integer REFERENCES runs (id), b integer)",
        "INSERT INTO runs SELECT n, '2026-01-01 00:00:00' FROM " + series.formatted(PARENTS),
        "INSERT INTO rows_ SELECT n, n FROM " + series.formatted(CHILDREN),
        "INSERT INTO marks SELECT n, NULL, 1 FROM " + series.formatted(50));
    database.execute(indexes);
    return database;
  }

  private Settings settings(TestDatabase database) {
    Policy policy =
        Policy.of("runs", "runs")
            .time("at")
            .retain(Duration.ofDays(30))
            .dependents(List.of(Dependent.of("rows_")))
            .build();
    return Settings.of(database.url(), folder.resolve("archive"), List.of(policy));
  }

  private static Tideline open(Settings settings) {
    return Tideline.open(settings, new SettableClock(NOW));
  }

  private static Plan plan(Tideline tideline) {
    return tideline.plan(Selection.all(), RunListener.NONE);
  }

  private static List<String> findings(Plan plan) {
    return plan.policies().get(0).findings().stream()
        .filter(each -> each.code().equals("no-referrer-index"))
        .map(Finding::what)
        .map(what -> what.replace("public.", ""))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void isRefusedOverTheBoundAndMadeIfAsked(Product product) {
    try (TestDatabase database = database(product)) {
      try (Tideline tideline = open(settings(database))) {
        Plan plan = plan(tideline);

        assertThat(findings(plan))
            .containsExactlyInAnyOrder(
                "no index leads to rows_(run): each of 20,000 deleted rows of runs reads all"
                    + " 10,000 rows of rows_, about 67 s",
                "no index leads to marks(run): each of 20,000 deleted rows of runs reads all"
                    + " 50 rows of marks");
        assertThatThrownBy(() -> tideline.run(plan, RunListener.NONE))
            .isInstanceOfSatisfying(
                TidelineException.class,
                e -> {
                  assertThat(e.code()).isEqualTo(ErrorCode.INDEX_MISSING);
                  assertThat(e.what()).contains("'gentle'", "about 67 s");
                  assertThat(e.state()).isEqualTo("Nothing was changed.");
                  assertThat(e.mend()).contains("--create-indexes", "CREATE INDEX");
                });
        assertThat(database.query("SELECT count(*) FROM runs")).containsExactly("20000");
        assertThat(folder.resolve("archive/runs")).doesNotExist();
      }
      List<String> notes = new ArrayList<>();
      RunListener listener =
          event -> {
            if (event instanceof RunEvent.Noted note) {
              notes.add(note.message());
            }
          };
      try (Tideline tideline = open(settings(database).withPace(Pace.OFFLINE))) {
        assertThat(tideline.run(plan(tideline), RunOptions.DEFAULT.withIndexes(), listener).exit())
            .isEqualTo(ExitCode.DONE);

        assertThat(notes).anyMatch(note -> note.startsWith("Making an index: CREATE INDEX"));
        assertThat(notes).anyMatch(note -> note.startsWith("Made the index ix_rows__run on"));
        assertThat(database.query("SELECT count(*) FROM rows_")).containsExactly("0");
        assertThat(findings(plan(tideline))).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theStatementsOfThePlanMendIt(Product product) {
    try (TestDatabase database = database(product);
        Tideline tideline = open(settings(database))) {
      List<UnindexedKey> unindexed = plan(tideline).unindexed();

      assertThat(unindexed).hasSize(2);
      unindexed.forEach(each -> database.execute(each.statement()));
      assertThat(plan(tideline).unindexed()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void onlyIndexesThatLeadToEveryReferrerServe(Product product) {
    String[] useless = {
      "CREATE INDEX late ON marks (b, run)",
      "CREATE INDEX part ON marks (run) WHERE b = 1",
      "CREATE INDEX expression ON marks (abs(run))"
    };
    try (TestDatabase database = database(product, useless);
        Tideline tideline = open(settings(database))) {
      database.execute("CREATE INDEX first ON rows_ (run, id)");

      assertThat(findings(plan(tideline)))
          .singleElement()
          .asString()
          .startsWith("no index leads to marks(run)");
      database.execute("CREATE INDEX filled ON marks (run) WHERE run IS NOT NULL");
      assertThat(findings(plan(tideline))).isEmpty();
    }
  }

  @Test
  void anIndexThatAFailureLeftInvalidIsMadeAnew() {
    try (TestDatabase database = database(Product.POSTGRESQL);
        Tideline tideline = open(settings(database).withPace(Pace.OFFLINE))) {
      database.execute(
          "CREATE INDEX ix_rows__run ON rows_ (run)",
          "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_rows__run'::regclass");

      assertThat(
              tideline
                  .run(plan(tideline), RunOptions.DEFAULT.withIndexes(), RunListener.NONE)
                  .exit())
          .isEqualTo(ExitCode.DONE);
      assertThat(
              database.query(
                  "SELECT c.relname || i.indisvalid FROM pg_index i JOIN pg_class c"
                      + " ON c.oid = i.indexrelid WHERE c.relname LIKE 'ix_%' ORDER BY 1"))
          .containsExactly("ix_marks_runtrue", "ix_rows__runtrue");
    }
  }

  @Test
  void partitionsAreIndexedOneByOne() {
    try (TestDatabase database = database(Product.POSTGRESQL);
        Tideline tideline = open(settings(database).withPace(Pace.OFFLINE))) {
      database.execute(
          "CREATE INDEX i ON rows_ (run)",
          "DROP TABLE marks",
          "CREATE TABLE marks (id integer, run integer REFERENCES runs (id), PRIMARY KEY (id))"
              + " PARTITION BY RANGE (id)",
          "CREATE TABLE marks_a PARTITION OF marks FOR VALUES FROM (0) TO (100)",
          "CREATE TABLE marks_b PARTITION OF marks FOR VALUES FROM (100) TO (200)",
          "INSERT INTO marks VALUES (1, NULL), (101, NULL)");

      assertThat(plan(tideline).unindexed()).hasSize(1);
      assertThat(
              tideline
                  .run(plan(tideline), RunOptions.DEFAULT.withIndexes(), RunListener.NONE)
                  .exit())
          .isEqualTo(ExitCode.DONE);
      assertThat(plan(tideline).unindexed()).isEmpty();
    }
  }

  @Test
  void sqliteFindsByTheAffinityAndCollationOfTheColumnReferredTo() {
    try (TestDatabase database = Product.SQLITE.create(folder);
        Tideline tideline = open(settings(database))) {
      database.execute(
          "CREATE TABLE runs (id text COLLATE NOCASE PRIMARY KEY, at text)",
          "CREATE TABLE rows_ (id integer PRIMARY KEY, run text REFERENCES runs (id))",
          "CREATE TABLE marks (id integer PRIMARY KEY, run blob REFERENCES runs (id))",
          "CREATE INDEX binary ON rows_ (run)",
          "CREATE INDEX other ON marks (run)",
          "INSERT INTO runs VALUES ('a', '2026-01-01 00:00:00')",
          "INSERT INTO rows_ VALUES (1, 'A')");
      List<UnindexedKey> unindexed = plan(tideline).unindexed();

      assertThat(unindexed.stream().map(UnindexedKey::statement))
          .containsExactlyInAnyOrder(
              "CREATE INDEX \"ix_rows__run\" ON \"rows_\" (\"run\" COLLATE \"NOCASE\")", "");
      unindexed.stream()
          .map(UnindexedKey::statement)
          .filter(statement -> !statement.isEmpty())
          .forEach(database::execute);
      assertThat(plan(tideline).unindexed()).hasSize(1);
    }
  }
}
