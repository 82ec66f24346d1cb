package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.plan.Kept;
import io.tideline.plan.Plan;
import io.tideline.plan.Reason;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.run.PolicyReport;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TreesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRunGoesWithAllThatBelongsToIt(Product product) {
    try (Runs runs = new Runs(product, folder)) {
      RunReport report = runs.run();

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.removed()).isEqualTo((long) Runs.EXPIRED * Runs.TREE);
      assertThat(runs.count("runs")).isEqualTo(10);
      assertThat(runs.count("rows_")).isEqualTo(30);
      assertThat(runs.count("tokens")).isEqualTo(30);
      assertThat(runs.count("states")).isEqualTo(60);
      try (Tideline tideline = Tideline.open(runs.settings(runs.policy().build()))) {
        assertThat(tideline.status().inDoubt()).isEmpty();
        assertThat(tideline.status().archivedRows()).isEqualTo((long) Runs.EXPIRED * Runs.TREE);
        assertThat(tideline.verify(java.util.Optional.empty(), RunListener.NONE).problems())
            .isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void thePlanCountsEveryTable(Product product) {
    try (Runs runs = new Runs(product, folder);
        Tideline tideline =
            Tideline.open(runs.settings(runs.policy().build()), new SettableClock(Runs.NOW))) {
      Plan plan = tideline.plan(Selection.all(), RunListener.NONE);
      assertThat(plan.policies().get(0).rows()).isEqualTo(10);
      assertThat(plan.policies().get(0).dependents())
          .extracting(each -> each.table().name() + " " + each.rows())
          .containsExactly("rows_ 30", "tokens 30", "states 60");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTreeThatAnUnnamedTableRefersToStaysWhole(Product product) {
    try (Runs runs = new Runs(product, folder)) {
      runs.database.execute("INSERT INTO files VALUES (1, 'token-3-2', 'a')");
      RunReport report = runs.run();

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(runs.runs()).contains("run-3").hasSize(11);
      assertThat(runs.count("states")).isEqualTo(66);
      assertThat(kept(report))
          .containsExactly("referred-to 1 1 row of files(token_id) refers to it");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aDetachedRowStaysWithoutItsReference(Product product) {
    try (Runs runs = new Runs(product, folder)) {
      runs.database.execute("INSERT INTO files VALUES (1, 'token-3-2', 'a')");
      Policy policy =
          runs.policy()
              .dependents(
                  List.of(
                      Dependent.of("rows_"),
                      Dependent.of("tokens"),
                      Dependent.of("states"),
                      new Dependent("files", List.of(), Dependent.OnRoot.DETACH)))
              .build();
      RunReport report = runs.run(runs.settings(policy), RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(runs.runs()).hasSize(10);
      assertThat(runs.database.query("SELECT name FROM files WHERE token_id IS NULL"))
          .containsExactly("a");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRunThatStaysKeepsTheRunsItRetries(Product product) {
    try (Runs runs = new Runs(product, folder)) {
      // 1 <- 2 <- 15: the last is fresh; 4 <- 5 are expired both; 6 and 7 are a cycle.
      runs.database.execute(
          "UPDATE runs SET retry_of = 'run-1' WHERE id = 'run-2'",
          "UPDATE runs SET retry_of = 'run-2' WHERE id = 'run-15'",
          "UPDATE runs SET retry_of = 'run-4' WHERE id = 'run-5'",
          "UPDATE runs SET retry_of = 'run-6' WHERE id = 'run-7'",
          "UPDATE runs SET retry_of = 'run-7' WHERE id = 'run-6'");
      RunReport report = runs.run();

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(runs.runs()).contains("run-1", "run-2").hasSize(12);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTreeThatIsTooLargeStays(Product product) {
    try (Runs runs = new Runs(product, folder)) {
      runs.database.execute(
          "INSERT INTO states SELECT 1000 + t.n, 'token-4-1' FROM"
              + " (WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 50)"
              + " SELECT n FROM n) t");
      Policy policy = runs.policy().maxTree(40).build();
      RunReport report = runs.run(runs.settings(policy), RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(runs.runs()).contains("run-4").hasSize(11);
      assertThat(kept(report)).containsExactly("tree-too-large 1 ");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void deletingNeedsNoArchive(Product product) {
    try (Runs runs = new Runs(product, folder)) {
      Policy policy = runs.policy().action(Action.DELETE).build();
      RunReport report = runs.run(runs.settings(policy), RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.removed()).isEqualTo((long) Runs.EXPIRED * Runs.TREE);
      assertThat(runs.count("states")).isEqualTo(60);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void thePlanListsTheRootsWhoseTreesGo(Product product) {
    try (Runs runs = new Runs(product, folder);
        Tideline tideline =
            Tideline.open(runs.settings(runs.policy().build()), new SettableClock(Runs.NOW))) {
      runs.database.execute("INSERT INTO files VALUES (1, 'token-3-2', 'a')");
      Plan plan = tideline.plan(Selection.all(), RunListener.NONE);
      List<String> listed = new ArrayList<>();
      tideline.list(plan, "runs", List.of("id"), row -> listed.add(row.display()));
      assertThat(listed)
          .hasSize((int) plan.policies().get(0).rows())
          .contains("run-1", "run-10")
          .doesNotContain("run-3", "run-11");
    }
  }

  /** Two runs share tokens only once the trees are united: both together are too large. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void treesThatBecomeOneAreAsLargeAsTheyAreTogether(Product product) {
    try (Runs runs = new Runs(product, folder)) {
      runs.database.execute(
          "UPDATE runs SET retry_of = 'run-7' WHERE id = 'run-6'",
          "UPDATE runs SET retry_of = 'run-6' WHERE id = 'run-7'");
      Policy policy = runs.policy().maxTree(Runs.TREE + 5).build();
      RunReport report = runs.run(runs.settings(policy), RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(runs.runs()).contains("run-6", "run-7").hasSize(12);
      assertThat(kept(report)).containsExactly("tree-too-large 2 ");
    }
  }

  /** What is detached goes with another tree of the same run, in whichever batch. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void aDetachedRowMayGoWithItsOwnTree(Product product) {
    try (Runs runs = new Runs(product, folder)) {
      runs.database.execute(
          "CREATE TABLE notes (id integer PRIMARY KEY, run_id text NOT NULL REFERENCES runs(id),"
              + " about text REFERENCES runs(id))",
          "INSERT INTO notes VALUES (1, 'run-1', 'run-10')",
          "INSERT INTO notes VALUES (2, 'run-10', 'run-1')",
          "INSERT INTO notes VALUES (3, 'run-15', 'run-2')");
      Policy policy =
          runs.policy()
              .dependents(
                  List.of(
                      Dependent.of("rows_"),
                      Dependent.of("tokens"),
                      Dependent.of("states"),
                      new Dependent("notes", List.of("run_id"), Dependent.OnRoot.DELETE),
                      new Dependent("notes", List.of("about"), Dependent.OnRoot.DETACH)))
              .build();
      RunReport report = runs.run(runs.settings(policy), RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(runs.runs()).hasSize(10);
      assertThat(runs.database.query("SELECT id || coalesce(about, '-') FROM notes"))
          .containsExactly("3-");
    }
  }

  private static List<String> kept(RunReport report) {
    return report.policies().stream()
        .map(PolicyReport::kept)
        .flatMap(List::stream)
        .filter(kept -> kept.reason() != Reason.FRESH)
        .map(TreesTest::text)
        .toList();
  }

  private static String text(Kept kept) {
    return kept.reason().word() + " " + kept.rows() + " " + kept.detail();
  }
}
