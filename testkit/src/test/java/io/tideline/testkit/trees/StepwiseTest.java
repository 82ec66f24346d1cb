package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Finding;
import io.tideline.plan.Kept;
import io.tideline.plan.Plan;
import io.tideline.plan.Reason;
import io.tideline.policy.Action;
import io.tideline.policy.Selection;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.Product;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Trees of more rows than go in one transaction. */
@Tag("exhaustive")
class StepwiseTest {
  private static final int SMALL = 2 * (1 + 2 + 4 + 8);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Product.class)
  void aLargeTreeGoesInSeveralTransactions(Product product) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      Map<String, List<String>> original = tree.live();
      AtomicInteger commits = new AtomicInteger();
      RunReport report =
          tree.run(
              event -> {
                if (event instanceof RunEvent.Stepped e && e.step() == Step.BATCH_COMMITTED) {
                  commits.incrementAndGet();
                }
              });

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.removed()).isEqualTo(LargeTree.TREE + SMALL);
      assertThat(commits).hasValueGreaterThan(8);
      assertThat(tree.runs()).containsExactly("fresh");
      assertThat(tree.count("states")).isEqualTo(8);
      tree.isWhole(original);
      try (Tideline tideline = tree.open()) {
        assertThat(tideline.status().inDoubt()).isEmpty();
        assertThat(tideline.verify(Optional.empty(), RunListener.NONE).problems()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void thePlanSaysThatItGoesStepwise(Product product) {
    try (LargeTree tree = new LargeTree(product, folder);
        Tideline tideline = tree.open()) {
      Plan plan = tideline.plan(Selection.all(), RunListener.NONE);
      assertThat(plan.policies().get(0).rows()).isEqualTo(3);
      assertThat(plan.policies().get(0).allRows()).isEqualTo(LargeTree.TREE + SMALL);
      assertThat(plan.policies().get(0).findings())
          .extracting(Finding::code)
          .contains("goes-stepwise");
      assertThat(plan.policies().get(0).findings().get(0).what())
          .isEqualTo(
              "1 tree of more than 150 rows: such a tree goes in several transactions, and between"
                  + " them the application sees a part of it");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void withoutACopyItIsRefused(Product product) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      assertThatThrownBy(
              () ->
                  tree.run(
                      tree.settings(tree.policy().action(Action.DELETE).build()), RunListener.NONE))
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.POLICY_INVALID))
          .hasMessageContaining("'large_trees: stepwise' needs 'action: archive'");
    }
  }

  /** What happens to the tree between two of its transactions, and why it stays then. */
  enum Meanwhile {
    TOUCHED(Reason.CHANGED, "UPDATE runs SET retry_of = 'fresh' WHERE id = 'big'"),
    REDATED(Reason.FRESH, "UPDATE runs SET at = '2026-09-30 00:00:00' WHERE id = 'big'"),
    NEW_CHILD(
        Reason.CHANGED, "INSERT INTO tokens VALUES ('new', NULL, 'big', NULL, 'a new token')"),
    CHANGED_CHILD(
        Reason.CHANGED,
        "UPDATE tokens SET payload = 'other' WHERE id = '" + LargeTree.token("big", 0) + "'"),
    REFERRED_TO(Reason.REFERRED_TO, "UPDATE runs SET retry_of = 'big' WHERE id = 'fresh'");

    private final Reason reason;
    private final String sql;

    Meanwhile(Reason reason, String sql) {
      this.reason = reason;
      this.sql = sql;
    }
  }

  static Stream<Arguments> meanwhile() {
    return Stream.of(Product.values())
        .flatMap(product -> Stream.of(Meanwhile.values()).map(what -> Arguments.of(product, what)));
  }

  @ParameterizedTest
  @MethodSource("meanwhile")
  void whatWentIsPutBackIfTheTreeMayNotGo(Product product, Meanwhile what) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      int[] gone = {0};
      Map<String, List<String>> original = tree.live();
      RunReport report =
          tree.run(
              FailingAt.doing(
                  Step.BATCH_COMMITTED,
                  4,
                  () -> {
                    gone[0] = (int) (original.get("states").size() - tree.count("states"));
                    tree.database.execute(what.sql);
                  }));

      assertThat(gone[0]).isGreaterThan(100);
      assertThat(report.exit()).as("%s", report).isIn(ExitCode.ROWS_LEFT, ExitCode.DONE);
      assertThat(reasons(report)).contains(what.reason);
      assertThat(tree.runs()).contains("big", "fresh");
      assertThat(tree.count("states")).isEqualTo(8 + 1300);
      assertThat(tree.count("rows_")).isEqualTo(2 + 100);
      assertThat(tree.view().get("runs")).hasSize(2);
      assertThat(tree.view().get("states")).hasSize(16);
      try (Tideline tideline = tree.open()) {
        assertThat(tideline.status().inDoubt()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aHoldInTheMiddlePutsItBack(Product product) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      Map<String, List<String>> original = tree.live();
      RunReport report =
          tree.run(
              FailingAt.doing(
                  Step.BATCH_COMMITTED,
                  4,
                  () -> {
                    try (Tideline other = tree.open()) {
                      other.hold(
                          "runs", List.of("big"), Optional.empty(), "dispute", Optional.empty());
                    }
                  }));

      assertThat(reasons(report)).contains(Reason.HOLD);
      assertThat(tree.runs()).containsExactly("big", "fresh");
      assertThat(tree.count("states")).isEqualTo(8 + 1300);
      tree.isWhole(original);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTriggerThatRefusesOneRowKeepsTheTree(Product product) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      refuse(product, tree);
      Map<String, List<String>> original = tree.live();
      RunReport report = tree.run(RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(reasons(report)).contains(Reason.REFUSED);
      assertThat(tree.runs()).containsExactly("big", "fresh");
      assertThat(tree.count("states")).isEqualTo(8 + 1300);
      tree.isWhole(original);
    }
  }

  private static void refuse(Product product, LargeTree tree) {
    String row = "'" + LargeTree.token("big", 5) + "'";
    if (product == Product.SQLITE) {
      tree.database.execute(
          "CREATE TRIGGER refuse BEFORE DELETE ON tokens WHEN OLD.id = "
              + row
              + " BEGIN SELECT RAISE(ABORT, 'it is sacred'); END");
    } else {
      tree.database.execute(
          "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
              + " RAISE EXCEPTION 'it is sacred'; END $$",
          "CREATE TRIGGER refuse BEFORE DELETE ON tokens FOR EACH ROW WHEN (OLD.id = "
              + row
              + ") EXECUTE FUNCTION refuse()");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void rowsOfACycleGoTogether(Product product) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      tree.database.execute(
          "UPDATE tokens SET parent = '"
              + LargeTree.token("big", 49)
              + "' WHERE id = '"
              + LargeTree.token("big", 0)
              + "'",
          "UPDATE tokens SET parent = id WHERE id = '" + LargeTree.token("big", 100) + "'");
      Map<String, List<String>> original = tree.live();
      RunReport report = tree.run(RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(tree.runs()).containsExactly("fresh");
      tree.isWhole(original);
    }
  }

  /** A row that the application deletes in the middle is not ours, and does not come back. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void whatTheApplicationDeletedIsGone(Product product) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      RunReport report =
          tree.run(
              FailingAt.doing(
                  Step.BATCH_COMMITTED,
                  3,
                  () ->
                      tree.database.execute(
                          "DELETE FROM states WHERE id = (SELECT max(id) FROM states WHERE token_id"
                              + " LIKE 'big%')",
                          "UPDATE runs SET at = '2026-09-30 00:00:00' WHERE id = 'big'")));

      assertThat(reasons(report)).contains(Reason.FRESH);
      assertThat(report.policies().get(0).gone()).isEqualTo(1);
      assertThat(tree.count("states")).isEqualTo(8 + 1299);
      assertThat(tree.view().get("states")).hasSize(16);
    }
  }

  static Stream<Arguments> everyStep() {
    List<Arguments> all = new ArrayList<>();
    for (Product product : Product.values()) {
      boolean sqlite = product == Product.SQLITE;
      all.add(Arguments.of(product, sqlite ? Step.MANIFEST_WRITTEN : Step.SEALED, 2));
      all.add(Arguments.of(product, sqlite ? Step.CLOSED : Step.DELETES_DURABLE, 2));
      // The small tree, the first step, the last state, a token, the root.
      for (int nth : new int[] {2, 10, 12, 16}) {
        all.add(
            Arguments.of(
                product, sqlite == (nth > 10) ? Step.BATCH_DELETED : Step.BATCH_COMMITTED, nth));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("everyStep")
  void theNextRunFinishesWhereverItFailed(Product product, Step step, int nth) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      Map<String, List<String>> original = tree.live();
      FailingAt failing = new FailingAt(step, nth);
      boolean failed = fails(tree, failing);
      assertThat(failed).isEqualTo(failing.happened());

      RunReport report = tree.run(RunListener.NONE);
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(tree.runs()).containsExactly("fresh");
      tree.isWhole(original);
    }
  }

  /** Before the next run the tree became fresh: all of it must be live again. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void theNextRunPutsBackWhatMayNotGoAnyMore(Product product) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      Map<String, List<String>> original = tree.live();
      assertThat(fails(tree, new FailingAt(Step.BATCH_COMMITTED, 6))).isTrue();
      assertThat(tree.count("states")).isLessThan(1300);
      try (Tideline tideline = tree.open()) {
        assertThat(tideline.status().inDoubt()).hasSize(4);
        assertThat(tideline.status().warnings())
            .anySatisfy(each -> assertThat(each).contains("a part of it may be missing"));
        tideline.hold("runs", List.of("big"), Optional.empty(), "dispute", Optional.empty());
      }

      RunReport report = tree.run(RunListener.NONE);
      assertThat(report.resumed()).as("%s", report).isEqualTo(1);
      assertThat(tree.runs()).containsExactly("big", "fresh");
      assertThat(tree.count("states")).isEqualTo(8 + 1300);
      tree.isWhole(original);
    }
  }

  static Stream<Arguments> puttingBack() {
    return Stream.of(Product.values())
        .flatMap(
            product ->
                Stream.of(Step.RESTORE_INSERTED, Step.RESTORE_COMMITTED)
                    .map(step -> Arguments.of(product, step)));
  }

  /** Both the run that puts back and the one that finishes it are interrupted. */
  @ParameterizedTest
  @MethodSource("puttingBack")
  void aPutBackThatFailedIsDoneAgain(Product product, Step step) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      Map<String, List<String>> original = tree.live();
      FailingAt failing = new FailingAt(step, 1);
      RunListener holding =
          FailingAt.doing(
              Step.BATCH_COMMITTED,
              12,
              () -> {
                try (Tideline other = tree.open()) {
                  other.hold("runs", List.of("big"), Optional.empty(), "dispute", Optional.empty());
                }
              });
      assertThat(
              fails(
                  tree,
                  event -> {
                    holding.on(event);
                    failing.on(event);
                  }))
          .isTrue();
      assertThat(fails(tree, new FailingAt(step, 1))).isTrue();

      tree.run(RunListener.NONE);
      assertThat(tree.runs()).containsExactly("big", "fresh");
      assertThat(tree.count("states")).isEqualTo(8 + 1300);
      tree.isWhole(original);
    }
  }

  private static boolean fails(LargeTree tree, RunListener listener) {
    try {
      tree.run(listener);
      return false;
    } catch (RuntimeException e) {
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRunThatIsStoppedLeavesTheRestToTheNext(Product product) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      Map<String, List<String>> original = tree.live();
      try (Tideline tideline = tree.open()) {
        RunReport report =
            tideline.run(
                tideline.plan(Selection.all(), RunListener.NONE),
                FailingAt.doing(Step.BATCH_COMMITTED, 5, tideline::stop));
        assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
        assertThat(tideline.status().inDoubt()).hasSize(4);
      }
      assertThat(tree.run(RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
      assertThat(tree.runs()).containsExactly("fresh");
      tree.isWhole(original);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aKilledRunLosesNothing(Product product) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      Map<String, List<String>> original = tree.live();
      ForkedRun.Result killed =
          ForkedRun.run(tree.settings())
              .at(LargeTree.NOW)
              .killedAt(Step.BATCH_COMMITTED, 7)
              .start();
      assertThat(killed.killed()).as("%s", killed).isTrue();
      assertThat(tree.count("states")).isLessThan(1300);
      assertThat(tree.run(RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
      assertThat(tree.runs()).containsExactly("fresh");
      tree.isWhole(original);
    }
  }

  /** Roots that refer to large trees and are referred to by them go in that order. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void treesThatReferToEachOtherGoInOrder(Product product) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      tree.database.execute(
          "UPDATE runs SET retry_of = 'small-1' WHERE id = 'big'",
          "UPDATE runs SET retry_of = 'big' WHERE id = 'small-2'");
      Map<String, List<String>> original = tree.live();
      RunReport report = tree.run(RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(tree.runs()).containsExactly("fresh");
      tree.isWhole(original);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void rootsOfACycleAreOneTree(Product product) {
    try (LargeTree tree = new LargeTree(product, folder)) {
      tree.database.execute(
          "UPDATE runs SET retry_of = 'small-2' WHERE id = 'big'",
          "UPDATE runs SET retry_of = 'big' WHERE id = 'small-2'");
      Map<String, List<String>> original = tree.live();
      assertThat(fails(tree, new FailingAt(Step.BATCH_COMMITTED, 6))).isTrue();
      RunReport report = tree.run(RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(tree.runs()).containsExactly("fresh");
      tree.isWhole(original);
    }
  }

  private static List<Reason> reasons(RunReport report) {
    return report.policies().get(0).kept().stream().map(Kept::reason).toList();
  }
}
