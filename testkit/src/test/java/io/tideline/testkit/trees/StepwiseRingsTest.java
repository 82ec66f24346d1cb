package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.plan.Kept;
import io.tideline.plan.Reason;
import io.tideline.policy.Dependent;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Large trees with rings of rows, and of more roots than one. */
@Tag("exhaustive")
class StepwiseRingsTest {
  private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
  private static final int MOST = 50;

  @TempDir Path folder;

  /** Runs whose tokens refer to each other and, as the last one, to be referred to by the run. */
  private final class Scene implements AutoCloseable {
    final TestDatabase database;
    private int opened;

    Scene(Product product, Consumer<List<String>> rows) {
      database = product.create(folder);
      String time = product == Product.POSTGRESQL ? "timestamp" : "text";
      database.execute(
          "CREATE TABLE runs (id integer PRIMARY KEY, at " + time + ")",
          "CREATE TABLE tokens (id integer PRIMARY KEY, run integer REFERENCES runs(id),"
              + " parent integer REFERENCES tokens(id))",
          "CREATE TABLE links (id integer PRIMARY KEY, a integer REFERENCES runs(id),"
              + " b integer REFERENCES runs(id))",
          "ALTER TABLE runs ADD COLUMN last integer REFERENCES tokens(id)",
          "CREATE INDEX tokens_run ON tokens(run)",
          "CREATE INDEX tokens_parent ON tokens(parent)",
          "CREATE INDEX links_a ON links(a)",
          "CREATE INDEX links_b ON links(b)",
          "CREATE INDEX runs_last ON runs(last)");
      List<String> sql = new ArrayList<>();
      rows.accept(sql);
      database.executeTogether(sql);
    }

    Tideline open() {
      Policy policy =
          Policy.of("runs", "runs")
              .time("at")
              .retain(Duration.ofDays(30))
              .maxTree(MOST)
              .stepwise(true)
              .dependents(List.of(Dependent.of("tokens"), Dependent.of("links")))
              .build();
      Settings settings =
          Settings.of(database.url(), folder.resolve("archive"), List.of(policy))
              .withPace(Pace.OFFLINE);
      return Tideline.open(settings, new SettableClock(NOW.plusSeconds(++opened)));
    }

    RunReport run(RunListener listener) {
      try (Tideline tideline = open()) {
        return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), listener);
      }
    }

    /** Runs, and sees how many rows each transaction removes. */
    List<Long> steps() {
      List<Long> sizes = new ArrayList<>(List.of(rows()));
      RunReport report =
          run(
              event -> {
                if (event instanceof RunEvent.Stepped e && e.step() == Step.BATCH_COMMITTED) {
                  sizes.add(rows());
                }
              });
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      List<Long> steps = new ArrayList<>();
      for (int i = 1; i < sizes.size(); i++) {
        steps.add(sizes.get(i - 1) - sizes.get(i));
      }
      return steps;
    }

    long rows() {
      return count("runs") + count("tokens") + count("links");
    }

    long count(String table) {
      return Long.parseLong(database.query("SELECT count(*) FROM " + table).get(0));
    }

    List<List<String>> dump() {
      return List.of(database.dump("runs"), database.dump("tokens"), database.dump("links"));
    }

    void comesBackAs(List<List<String>> original) {
      try (Tideline tideline = open()) {
        tideline.restore(RestoreRequest.everything(), RunListener.NONE);
      }
      assertThat(dump()).isEqualTo(original);
    }

    @Override
    public void close() {
      database.close();
    }
  }

  private static void run(List<String> sql, int id) {
    sql.add("INSERT INTO runs VALUES (%d, '2026-01-01 00:00:00', NULL)".formatted(id));
  }

  private static void chain(List<String> sql, int run, int first, int tokens) {
    for (int i = 0; i < tokens; i++) {
      sql.add(
          "INSERT INTO tokens VALUES (%d, %s, %s)"
              .formatted(
                  first + i, i == 0 ? "" + run : "NULL", i == 0 ? "NULL" : "" + (first + i - 1)));
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRingGoesAtOnceAndTheRestStepByStep(Product product) {
    try (Scene scene =
        new Scene(
            product,
            sql -> {
              run(sql, 1);
              chain(sql, 1, 1000, 170);
              chain(sql, 1, 2000, 40);
              sql.add("UPDATE tokens SET parent = 2039 WHERE id = 2000");
              sql.add("UPDATE tokens SET run = 1 WHERE id = 2005");
              sql.add("INSERT INTO tokens VALUES (3000, 1, 2020)");
              sql.add("INSERT INTO tokens VALUES (3001, 1, 3001)");
              // A ring that refers to the long chain: only the ring goes at once.
              sql.add("INSERT INTO tokens VALUES (4000, NULL, 1169)");
              sql.add("INSERT INTO tokens VALUES (4001, 1, 4000)");
            })) {
      List<List<String>> original = scene.dump();
      List<Long> steps = scene.steps();
      assertThat(steps).allSatisfy(rows -> assertThat(rows).isBetween(1L, (long) MOST));
      assertThat(steps).hasSizeGreaterThan(4);
      assertThat(scene.rows()).isZero();
      scene.comesBackAs(original);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRingThatIsTooLargeKeepsItsTreeAndNothingIsArchived(Product product) {
    try (Scene scene =
        new Scene(
            product,
            sql -> {
              run(sql, 1);
              chain(sql, 1, 1000, MOST + 1);
              sql.add("UPDATE tokens SET parent = " + (1000 + MOST) + " WHERE id = 1000");
            })) {
      List<List<String>> original = scene.dump();
      RunReport report = scene.run(RunListener.NONE);
      assertThat(report.exit()).isEqualTo(ExitCode.ROWS_LEFT);
      Kept kept = report.policies().get(0).kept().get(0);
      assertThat(kept.reason()).isEqualTo(Reason.TREE_TOO_LARGE);
      assertThat(kept.detail())
          .isEqualTo("51 of its rows refer to each other and go in one transaction only");
      assertThat(scene.dump()).isEqualTo(original);
      try (Tideline tideline = scene.open()) {
        assertThat(tideline.verify(Optional.empty(), RunListener.NONE).rows()).isZero();
        assertThat(tideline.plan(Selection.all(), RunListener.NONE).policies().get(0).rows())
            .isZero();
      }
    }
  }

  /** The root refers to one of its tokens: only what is in the ring goes with it. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void tablesInARingWithTheRootsGoStepByStepToo(Product product) {
    try (Scene scene =
        new Scene(
            product,
            sql -> {
              run(sql, 1);
              chain(sql, 1, 1000, 200);
              chain(sql, 1, 2000, 100);
              sql.add("UPDATE runs SET last = 1020 WHERE id = 1");
            })) {
      List<List<String>> original = scene.dump();
      List<Long> steps = scene.steps();
      assertThat(steps).allSatisfy(rows -> assertThat(rows).isBetween(1L, (long) MOST));
      assertThat(steps.get(steps.size() - 1)).isBetween(22L, (long) MOST);
      assertThat(scene.rows()).isZero();
      scene.comesBackAs(original);
    }
  }

  private static void manyRoots(List<String> sql) {
    for (int i = 1; i <= 3 * MOST; i++) {
      run(sql, i);
      chain(sql, i, 1000 * i, 2);
      if (i > 1) {
        sql.add("INSERT INTO links VALUES (%d, %d, %d)".formatted(i, i - 1, i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void manyRootsGoStepByStep(Product product) {
    try (Scene scene = new Scene(product, StepwiseRingsTest::manyRoots)) {
      List<List<String>> original = scene.dump();
      List<Long> steps = scene.steps();
      assertThat(steps).allSatisfy(rows -> assertThat(rows).isBetween(1L, (long) MOST));
      assertThat(scene.rows()).isZero();
      scene.comesBackAs(original);
    }
  }

  /** Once the rows are gone that made one tree of many roots, one of them still keeps them all. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void aRootThatStaysKeepsAllWheneverItIsSeen(Product product) {
    for (int nth = 1; nth < 20; nth += product == Product.SQLITE ? 1 : 4) {
      Path before = folder;
      folder = folder.resolve("nth-" + nth);
      assertThat(folder.toFile().mkdirs()).isTrue();
      try (Scene scene = new Scene(product, StepwiseRingsTest::manyRoots)) {
        List<List<String>> original = scene.dump();
        RunListener holding =
            FailingAt.doing(
                Step.BATCH_COMMITTED,
                nth,
                () -> {
                  if (scene.count("runs WHERE id = " + 3 * MOST) == 1) {
                    try (Tideline other = scene.open()) {
                      other.hold(
                          "runs",
                          List.of("" + 3 * MOST),
                          Optional.empty(),
                          "dispute",
                          Optional.empty());
                    }
                  }
                });
        scene.run(holding);
        if (scene.rows() > 0) {
          assertThat(scene.dump()).as("held after %s", nth).isEqualTo(original);
        }
      } finally {
        folder = before;
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRunThatFailedAmongTheRootsIsFinished(Product product) {
    try (Scene scene = new Scene(product, StepwiseRingsTest::manyRoots)) {
      List<List<String>> original = scene.dump();
      int nth = 11;
      try {
        scene.run(new FailingAt(Step.BATCH_COMMITTED, nth));
      } catch (FailingAt.Failure expected) {
        assertThat(scene.count("runs")).isBetween(1L, 3L * MOST - 1);
      }
      assertThat(scene.run(RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
      assertThat(scene.rows()).isZero();
      scene.comesBackAs(original);
    }
  }
}
