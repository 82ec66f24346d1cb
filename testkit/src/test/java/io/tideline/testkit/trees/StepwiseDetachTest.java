package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.plan.Kept;
import io.tideline.plan.Reason;
import io.tideline.policy.Dependent;
import io.tideline.policy.Dependent.OnRoot;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Large trees to which rows refer that stay and lose their references. */
@Tag("exhaustive")
class StepwiseDetachTest {
  @TempDir Path folder;

  /** Files refer to tokens and runs of the large tree, of small ones, and of the fresh one. */
  private LargeTree scene(Product product) {
    LargeTree tree = new LargeTree(product, folder);
    tree.database.execute(
        "CREATE TABLE files (id integer PRIMARY KEY, token_id text REFERENCES tokens(id),"
            + " run_id text REFERENCES runs(id), name text)",
        "CREATE INDEX files_token ON files(token_id)",
        "CREATE INDEX files_run ON files(run_id)");
    List<String> sql = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      sql.add(file(i, "'" + LargeTree.token("big", i) + "'", i % 3 == 0 ? "'big'" : "NULL"));
    }
    sql.add(file(300, "'" + LargeTree.token("small-1", 0) + "'", "'big'"));
    sql.add(file(301, "'" + LargeTree.token("fresh", 0) + "'", "'small-2'"));
    sql.add(file(302, "NULL", "'fresh'"));
    tree.database.executeTogether(sql);
    return tree;
  }

  private static String file(int id, String token, String run) {
    return "INSERT INTO files VALUES (%d, %s, %s, 'file %d')".formatted(id, token, run, id);
  }

  private static Settings settings(LargeTree tree) {
    return tree.settings(
        tree.policy()
            .dependents(
                List.of(
                    Dependent.of("rows_"),
                    Dependent.of("tokens"),
                    Dependent.of("states"),
                    new Dependent("files", List.of(), OnRoot.DETACH)))
            .build());
  }

  private static RunReport run(LargeTree tree, RunListener listener) {
    return tree.run(settings(tree), listener);
  }

  private static Tideline open(LargeTree tree, int later) {
    return Tideline.open(settings(tree), new SettableClock(LargeTree.NOW.plusSeconds(later)));
  }

  private static void hold(LargeTree tree) {
    try (Tideline other = open(tree, 0)) {
      other.hold("runs", List.of("big"), Optional.empty(), "dispute", Optional.empty());
    }
  }

  private static boolean fails(LargeTree tree, RunListener listener) {
    try {
      run(tree, listener);
      return false;
    } catch (RuntimeException e) {
      return true;
    }
  }

  /** The files that refer to the large tree only, or to nothing that goes. */
  private static List<String> files(LargeTree tree) {
    return tree.database.query(
        "SELECT name || ' ' || coalesce(token_id, '-') || ' ' || coalesce(run_id, '-')"
            + " FROM files WHERE id < 300 ORDER BY id");
  }

  private static long referring(LargeTree tree) {
    return tree.count(
        "files WHERE token_id IN (SELECT id FROM tokens WHERE run_id = 'big')"
            + " OR run_id = 'big'");
  }

  private static List<Reason> reasons(RunReport report) {
    return report.policies().get(0).kept().stream().map(Kept::reason).toList();
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void referencesAreLostStepByStepAndComeBackWithARestore(Product product) {
    try (LargeTree tree = scene(product)) {
      Map<String, List<String>> original = tree.live();
      List<String> files = files(tree);
      List<Long> left = new ArrayList<>();
      RunReport report =
          run(
              tree,
              event -> {
                if (event instanceof RunEvent.Stepped e && e.step() == Step.BATCH_COMMITTED) {
                  left.add(referring(tree));
                }
              });

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(tree.runs()).containsExactly("fresh");
      assertThat(left.stream().distinct().count()).as("%s", left).isGreaterThan(3);
      assertThat(tree.count("files")).isEqualTo(303);
      assertThat(tree.count("files WHERE token_id IS NOT NULL")).isEqualTo(1);
      assertThat(tree.count("files WHERE run_id IS NOT NULL")).isEqualTo(1);
      tree.isWhole(original);

      try (Tideline tideline = open(tree, 1)) {
        RestoreReport restored = tideline.restore(RestoreRequest.everything(), RunListener.NONE);
        assertThat(restored.exit()).as("%s", restored).isEqualTo(ExitCode.DONE);
      }
      assertThat(tree.live()).isEqualTo(original);
      assertThat(files(tree)).isEqualTo(files);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aTreeThatIsPutBackHasItsReferencesAgain(Product product) {
    try (LargeTree tree = scene(product)) {
      Map<String, List<String>> original = tree.live();
      List<String> files = files(tree);
      long[] lost = {0};
      RunReport report =
          run(
              tree,
              FailingAt.doing(
                  Step.BATCH_COMMITTED,
                  12,
                  () -> {
                    lost[0] = 300 - tree.count("files WHERE token_id LIKE 'big%'");
                    hold(tree);
                  }));

      assertThat(lost[0]).isGreaterThan(50);
      assertThat(reasons(report)).contains(Reason.HOLD);
      assertThat(tree.runs()).containsExactly("big", "fresh");
      assertThat(referring(tree)).isEqualTo(301);
      assertThat(files(tree)).isEqualTo(files);
      tree.isWhole(original);
    }
  }

  /** What the application does with rows that may lose a reference, or did. */
  enum Meanwhile {
    NEW_REFERENCE(
        "INSERT INTO files VALUES (900, '" + LargeTree.token("big", 0) + "', NULL, 'new')"),
    REDATED_AND_REPOINTED(
        "UPDATE files SET token_id = '" + LargeTree.token("fresh", 0) + "' WHERE token_id IS NULL",
        "UPDATE runs SET at = '2026-09-30 00:00:00' WHERE id = 'big'"),
    REDATED_AND_DELETED(
        "DELETE FROM files WHERE token_id IS NULL AND id < 300",
        "UPDATE runs SET at = '2026-09-30 00:00:00' WHERE id = 'big'");

    private final List<String> sql;

    Meanwhile(String... sql) {
      this.sql = List.of(sql);
    }
  }

  static Stream<Arguments> meanwhile() {
    return Stream.of(Product.values())
        .flatMap(product -> Stream.of(Meanwhile.values()).map(what -> Arguments.of(product, what)));
  }

  /** What the application set since stays; what is still NULL is as it was. */
  @ParameterizedTest
  @MethodSource("meanwhile")
  void whatTheApplicationDidWithThemStays(Product product, Meanwhile what) {
    try (LargeTree tree = scene(product)) {
      List<String> notes = new ArrayList<>();
      RunListener doing =
          FailingAt.doing(Step.BATCH_COMMITTED, 12, () -> what.sql.forEach(tree.database::execute));
      RunReport report =
          run(
              tree,
              event -> {
                if (event instanceof RunEvent.Noted noted) {
                  notes.add(noted.message());
                }
                doing.on(event);
              });

      assertThat(reasons(report)).containsAnyOf(Reason.CHANGED, Reason.FRESH);
      assertThat(tree.runs()).containsExactly("big", "fresh");
      assertThat(tree.count("tokens")).isEqualTo(604);
      long dead = tree.count("files WHERE id < 300 AND token_id IS NULL");
      assertThat(dead).isZero();
      if (what == Meanwhile.NEW_REFERENCE) {
        assertThat(tree.count("files WHERE token_id LIKE 'big%'")).isEqualTo(301);
      } else {
        assertThat(notes)
            .anySatisfy(
                note ->
                    assertThat(note)
                        .containsAnyOf(
                            "it refers to another row now",
                            "the rows that referred are not there (once they are, restore it again)"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aHoldOnARowThatWouldLoseItsReferenceKeepsTheTree(Product product) {
    try (LargeTree tree = scene(product)) {
      Map<String, List<String>> original = tree.live();
      List<String> files = files(tree);
      RunReport report =
          run(
              tree,
              FailingAt.doing(
                  Step.BATCH_COMMITTED,
                  12,
                  () -> {
                    try (Tideline other = open(tree, 0)) {
                      other.hold(
                          "files",
                          List.of(),
                          Optional.of("token_id IS NOT NULL"),
                          "dispute",
                          Optional.empty());
                    }
                  }));

      assertThat(reasons(report)).contains(Reason.HOLD);
      assertThat(tree.runs()).containsExactly("big", "fresh");
      assertThat(files(tree)).isEqualTo(files);
      tree.isWhole(original);
    }
  }

  static Stream<Arguments> puttingBack() {
    return Stream.of(
        Arguments.of(Product.SQLITE, Step.RESTORE_INSERTED, 1),
        Arguments.of(Product.SQLITE, Step.RESTORE_COMMITTED, 5),
        Arguments.of(Product.SQLITE, Step.RESTORE_COMMITTED, 4),
        Arguments.of(Product.POSTGRESQL, Step.RESTORE_INSERTED, 4),
        Arguments.of(Product.POSTGRESQL, Step.RESTORE_COMMITTED, 3));
  }

  /** A put-back that ends anywhere, twice, is done again by the next run. */
  @ParameterizedTest
  @MethodSource("puttingBack")
  void aPutBackThatFailedIsDoneAgain(Product product, Step step, int nth) {
    try (LargeTree tree = scene(product)) {
      Map<String, List<String>> original = tree.live();
      List<String> files = files(tree);
      RunListener holding = FailingAt.doing(Step.BATCH_COMMITTED, 14, () -> hold(tree));
      FailingAt failing = new FailingAt(step, nth);
      boolean failed =
          fails(
              tree,
              event -> {
                holding.on(event);
                failing.on(event);
              });
      assertThat(failed).isEqualTo(failing.happened());
      fails(tree, new FailingAt(step, 1));

      run(tree, RunListener.NONE);
      assertThat(tree.runs()).containsExactly("big", "fresh");
      assertThat(files(tree)).isEqualTo(files);
      tree.isWhole(original);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aKilledRunIsSettledByTheNext(Product product) {
    try (LargeTree tree = scene(product)) {
      Map<String, List<String>> original = tree.live();
      List<String> files = files(tree);
      ForkedRun.Result killed =
          ForkedRun.run(settings(tree))
              .at(LargeTree.NOW)
              .killedAt(Step.BATCH_COMMITTED, 13)
              .start();
      assertThat(killed.killed()).as("%s", killed).isTrue();
      assertThat(referring(tree)).isLessThan(301);
      hold(tree);
      run(tree, RunListener.NONE);
      assertThat(tree.runs()).containsExactly("big", "fresh");
      assertThat(files(tree)).isEqualTo(files);
      tree.isWhole(original);
    }
  }

  static Stream<Arguments> everyStep() {
    return Stream.concat(
        Stream.of(2, 10, 13, 14, 15, 18).map(nth -> Arguments.of(Product.SQLITE, nth)),
        Stream.of(13, 15).map(nth -> Arguments.of(Product.POSTGRESQL, nth)));
  }

  @ParameterizedTest
  @MethodSource("everyStep")
  void theNextRunFinishesWhereverItFailed(Product product, int nth) {
    try (LargeTree tree = scene(product)) {
      Map<String, List<String>> original = tree.live();
      List<String> files = files(tree);
      fails(tree, new FailingAt(nth % 2 == 0 ? Step.BATCH_DELETED : Step.BATCH_COMMITTED, nth));
      assertThat(run(tree, RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
      assertThat(tree.runs()).containsExactly("fresh");
      tree.isWhole(original);
      try (Tideline tideline = open(tree, 1)) {
        tideline.restore(RestoreRequest.everything(), RunListener.NONE);
      }
      assertThat(tree.live()).isEqualTo(original);
      assertThat(files(tree)).isEqualTo(files);
    }
  }
}
