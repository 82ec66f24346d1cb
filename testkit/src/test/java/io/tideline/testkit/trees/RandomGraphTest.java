package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.plan.DependentRows;
import io.tideline.plan.Plan;
import io.tideline.plan.PolicyPlan;
import io.tideline.policy.Action;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import io.tideline.testkit.trees.GraphState.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random foreign-key graphs, rows and policies: exactly the trees that may go are gone, whole; what
 * is live and what was put aside are the original; a restore gives it back.
 */
@Tag("exhaustive")
class RandomGraphTest {
  private static final int GRAPHS = Integer.getInteger("tideline.graphs", 16);
  private static final int RUNS = 4;

  /** The graphs of every build are the same; give {@code -Dtideline.first} another for others. */
  private static final long FIRST = Long.getLong("tideline.first", 20_261_121);

  private static final Optional<Long> SEED = Optional.ofNullable(Long.getLong("tideline.seed"));

  @TempDir Path folder;

  /** One random graph. */
  private interface Attack {
    void with(Product product, long seed, Set<String> without);
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void whatGoesIsWhatMayGo(Product product) {
    attack(product, product == Product.SQLITE ? GRAPHS : GRAPHS / 2, this::quietly);
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void nothingIsLostWhileAnApplicationWorks(Product product) {
    attack(product, Math.max(1, GRAPHS / 8), this::whileWriting);
  }

  private static void attack(Product product, int graphs, Attack attack) {
    for (int i = 0; i < (SEED.isPresent() ? 1 : graphs); i++) {
      long seed = SEED.orElse(FIRST + i);
      try {
        attack.with(product, seed, Set.of());
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(product + " with -Dtideline.seed=" + seed + ": " + e, e);
      }
    }
  }

  void quietly(Product product, long seed, Set<String> without) {
    try (GraphScene scene = new GraphScene(folder, product, new Random(seed), without)) {
      String what = SEED.isPresent() ? scene + "\n" + scene.rows : scene.toString();
      GraphState before = scene.live();
      Plan plan = scene.plan();
      RunReport report = scene.run();

      GraphOracle oracle = scene.oracle();
      GraphState expected = oracle.run(before, order(plan));
      if (scene.runsOnce() && scene.exact()) {
        compare("live", scene.live().all(), expected.all(), what, report);
        if (!oracle.refuses && scene.stuck.isEmpty()) {
          planned(plan, oracle, what);
        }
      } else {
        GraphState live = scene.live();
        expected = oracle.runUntilNothingGoes(expected, order(plan));
        legal(scene, before, live, oracle, what, report);
        if (scene.exact()) {
          converges(scene, expected, what);
        }
      }
      if (scene.exact()) {
        putAside(scene, oracle, what, report);
      } else {
        account(scene, before.all(), Set.of(), what + "\n" + report);
      }
      inOrder(scene, what);
      restored(scene, before, oracle, what);
    }
  }

  void whileWriting(Product product, long seed, Set<String> without) {
    try (GraphScene scene = new GraphScene(folder, product, new Random(seed), without)) {
      String what = SEED.isPresent() ? scene + "\n" + scene.rows : scene.toString();
      GraphState original = scene.live();
      GraphTraffic traffic = new GraphTraffic(scene.database, scene.graph, original, seed);
      RunReport report;
      try (traffic) {
        scene.run();
        report = scene.run();
      }
      GraphState before = scene.live();
      // A relation that only the file knows is the application's own to keep.
      Set<String> violations = before.violations(true);
      violations.removeAll(original.violations(true));
      assertThat(violations).as("new violations: %s%n%s", report, what).isEmpty();
      Map<String, Row> wanted = new TreeMap<>(original.all());
      wanted.putAll(traffic.last());
      account(scene, wanted, traffic.deleted(), what + "\n" + report);

      RunReport last = scene.run();
      GraphOracle oracle = scene.oracle();
      GraphState expected = oracle.runUntilNothingGoes(before, order(scene.plan()));
      legal(scene, before, scene.live(), oracle, what, last);
      if (scene.exact()) {
        converges(scene, expected, what);
      }
      account(scene, wanted, traffic.deleted(), what + "\n" + last);
      inOrder(scene, what);
    }
  }

  /** Every row is in one place, as it was or as the application left it. */
  private static void account(
      GraphScene scene, Map<String, Row> all, Set<String> deleted, String what) {
    Map<String, Row> wanted = new TreeMap<>(all);
    wanted.keySet().removeAll(deleted);
    Map<String, Row> live = scene.live().all();
    Map<String, Row> view = scene.view().all();
    Map<String, Row> moved = scene.moved().all();
    Set<String> undead = new TreeSet<>(deleted);
    undead.retainAll(live.keySet());
    assertThat(undead).as("deleted rows: %s", what).isEmpty();
    wanted.forEach(
        (tag, row) -> {
          List<Row> found =
              Stream.of(live, view, moved)
                  .map(each -> each.get(tag))
                  .filter(Objects::nonNull)
                  .toList();
          boolean mayBeNowhere = scene.deletes(row.table());
          assertThat(found.size())
              .as("places of %s (live %s): %s", tag, live.containsKey(tag), what)
              .isBetween(mayBeNowhere ? 0 : 1, 1);
          found.forEach(
              each ->
                  assertThat(scene.likelyDetached(each, row))
                      .as("%s of %s", tag, what)
                      .isEqualTo(row));
          if (scene.held.contains(tag)) {
            assertThat(live).as("held: %s", what).containsKey(tag);
          }
        });
  }

  /** What went is part of what goes, and nothing was changed that does not lose a reference. */
  private static void legal(
      GraphScene scene,
      GraphState before,
      GraphState live,
      GraphOracle oracle,
      String what,
      RunReport report) {
    Map<String, Row> now = live.all();
    Map<String, Row> wrong = new TreeMap<>(before.all());
    wrong.keySet().removeAll(oracle.gone.keySet());
    wrong.keySet().removeAll(oracle.detached);
    wrong.values().removeIf(row -> row.equals(now.get(row.tag())));
    if (!scene.joined()) {
      assertThat(wrong.keySet()).as("lost or changed: %s%n%s", report, what).isEmpty();
    }
    Set<String> violations = live.violations(false);
    violations.removeAll(before.violations(false));
    assertThat(violations).as("new violations: %s%n%s", report, what).isEmpty();
  }

  /** Trees that wait for others go with a later run. */
  private static void converges(GraphScene scene, GraphState expected, String what) {
    RunReport last = scene.run();
    for (int i = 0; i < RUNS && last.removed() > 0; i++) {
      last = scene.run();
    }
    compare("live at last", scene.live().all(), expected.all(), what, last);
  }

  private static List<String> order(Plan plan) {
    return plan.policies().stream()
        .filter(PolicyPlan::acts)
        .map(policy -> policy.policy().name())
        .toList();
  }

  private static void compare(
      String where, Map<String, Row> found, Map<String, Row> wanted, String what, Object report) {
    Set<String> missing = new TreeSet<>(wanted.keySet());
    missing.removeAll(found.keySet());
    Set<String> surplus = new TreeSet<>(found.keySet());
    surplus.removeAll(wanted.keySet());
    Set<String> different = new TreeSet<>(wanted.keySet());
    different.retainAll(found.keySet());
    different.removeIf(tag -> found.get(tag).equals(wanted.get(tag)));
    assertThat(missing.size() + surplus.size() + different.size())
        .as(
            "%s: missing %s, surplus %s, different %s%n%s%n%s",
            where, missing, surplus, different, report, what)
        .isZero();
  }

  /** What went lies where its action says, as it was when it went. */
  private static void putAside(
      GraphScene scene, GraphOracle oracle, String what, RunReport report) {
    Set<String> live = scene.live().all().keySet();
    Map<String, Row> archived = detachedFirst(scene, scene.view().all(), oracle);
    Map<String, Row> moved = detachedFirst(scene, scene.moved().all(), oracle);
    compare("archived", archived, of(oracle, Action.ARCHIVE, live), what, report);
    compare("moved", moved, of(oracle, Action.MOVE, live), what, report);
    scene.logged.ifPresent(
        table ->
            assertThat(scene.database.query("SELECT tag FROM gone"))
                .as("what the trigger saw: %s", what)
                .containsExactlyInAnyOrderElementsOf(
                    oracle.gone.values().stream()
                        .filter(row -> row.table() == table && !live.contains(row.tag()))
                        .map(Row::tag)
                        .toList()));
  }

  /**
   * A row may lose a reference to one tree before it goes with another: when, is up to the run. The
   * value that it lost lies in a record of its own.
   */
  private static Map<String, Row> detachedFirst(
      GraphScene scene, Map<String, Row> found, GraphOracle oracle) {
    Map<String, Row> rows = new TreeMap<>(found);
    rows.replaceAll((tag, row) -> scene.likelyDetached(row, oracle.gone.get(tag)));
    return rows;
  }

  private static Map<String, Row> of(GraphOracle oracle, Action action, Set<String> live) {
    Map<String, Row> rows = new TreeMap<>(oracle.gone);
    rows.keySet().removeAll(live);
    rows.keySet().removeIf(tag -> oracle.actions.get(tag) != action);
    return rows;
  }

  /**
   * A plan counts the rows that go. Rows that lose a reference and then go with another tree may be
   * counted too.
   */
  private static void planned(Plan plan, GraphOracle oracle, String what) {
    PolicyPlan policy = plan.policies().stream().filter(PolicyPlan::acts).findFirst().orElseThrow();
    Map<String, Long> rows = new TreeMap<>(Map.of(policy.table().name(), policy.rows()));
    Map<String, Long> losing = new TreeMap<>();
    for (DependentRows each : policy.dependents()) {
      rows.put(each.table().name(), each.rows());
      losing.put(each.table().name(), each.detached());
    }
    oracle
        .counts
        .get(policy.policy().name())
        .forEach(
            (table, counts) -> {
              String name = "t" + table;
              assertThat(rows.getOrDefault(name, 0L))
                  .as("planned of %s: %s", name, what)
                  .isEqualTo(counts[0]);
              assertThat(losing.getOrDefault(name, 0L))
                  .as("planned to be detached of %s: %s", name, what)
                  .isGreaterThanOrEqualTo(counts[1]);
            });
  }

  private static void inOrder(GraphScene scene, String what) {
    try (Tideline tideline = scene.open()) {
      assertThat(tideline.status().inDoubt()).as(what).isEmpty();
      assertThat(tideline.verify(Optional.empty(), RunListener.NONE).problems()).as(what).isEmpty();
    }
  }

  private static void restored(
      GraphScene scene, GraphState before, GraphOracle oracle, String what) {
    Set<String> deleted = of(oracle, Action.DELETE, Set.of()).keySet();
    if (!deleted.isEmpty()) {
      return; // nobody can bring these back
    }
    String orphans =
        before.violations(true).stream()
            .map(text -> text.replaceFirst(" .*", ""))
            .filter(oracle.gone::containsKey)
            .collect(Collectors.joining());
    if (!orphans.isEmpty()) {
      return; // the database refuses them
    }
    RestoreReport report = scene.restore(RestoreRequest.everything());
    Map<String, Row> wanted = new TreeMap<>(before.all());
    Map<String, Row> live = scene.live().all();
    wanted.replaceAll(
        (tag, row) ->
            scene.unnamed(row) && live.containsKey(tag)
                ? scene.likelyDetached(row, live.get(tag))
                : row); // no key tells which row referred
    compare("restored", live, wanted, what, report);
  }
}
