package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that are moved although the foreign keys between them change or delete rows. */
@Tag("exhaustive")
class MovedRingsTest {
  private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");

  @TempDir Path folder;
  private int opened;

  static Stream<Arguments> actions() {
    return Stream.of(Product.values())
        .flatMap(
            product ->
                Stream.of("SET NULL", "SET DEFAULT", "CASCADE", "NO ACTION")
                    .map(action -> Arguments.of(product, action)));
  }

  /** Runs own batches and states, which refer to each other; a state refers to its elder. */
  private TestDatabase scene(Product product, String action) {
    TestDatabase database = product.create(folder);
    String time = product == Product.POSTGRESQL ? "timestamp" : "text";
    String on = " ON DELETE " + action;
    database.execute(
        "CREATE TABLE runs (id integer PRIMARY KEY, at " + time + ")",
        "CREATE TABLE batches (id integer PRIMARY KEY, run integer NOT NULL REFERENCES runs(id))",
        "CREATE TABLE states (id integer PRIMARY KEY, batch integer DEFAULT NULL REFERENCES"
            + " batches(id)"
            + on
            + ", elder integer DEFAULT NULL REFERENCES states(id)"
            + on
            + ")",
        "ALTER TABLE batches ADD COLUMN first_state integer DEFAULT NULL REFERENCES states(id)"
            + on,
        "INSERT INTO runs VALUES (1, '2026-01-01 00:00:00'), (2, '2026-09-30 00:00:00')",
        "INSERT INTO batches VALUES (1, 1, NULL), (2, 2, NULL), (3, 1, NULL)",
        "INSERT INTO states VALUES (10, 1, NULL), (20, 2, NULL), (30, 3, 10)",
        "INSERT INTO states VALUES (11, 1, 10), (31, 3, 30)",
        "UPDATE batches SET first_state = id * 10",
        "UPDATE states SET elder = 31 WHERE id = 30");
    return database;
  }

  private Settings settings(TestDatabase database, Policy... others) {
    Policy policy =
        Policy.of("runs", "runs")
            .time("at")
            .retain(Duration.ofDays(30))
            .action(Action.MOVE)
            .dependents(List.of(Dependent.of("batches"), Dependent.of("states")))
            .build();
    List<Policy> policies = new ArrayList<>(List.of(policy));
    policies.addAll(List.of(others));
    return Settings.of(database.url(), folder.resolve("archive"), policies).withPace(Pace.OFFLINE);
  }

  /** Batches go with their runs, but are archived: the states of their ring are moved. */
  private Settings mixed(TestDatabase database) {
    return settings(database, Policy.of("batches", "batches").action(Action.ARCHIVE).build());
  }

  private RunReport run(TestDatabase database, RunListener listener) {
    return run(settings(database), listener);
  }

  private RunReport run(Settings settings, RunListener listener) {
    try (Tideline tideline = open(settings)) {
      return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), listener);
    }
  }

  private RestoreReport restore(Settings settings, RunListener listener) {
    try (Tideline tideline = open(settings)) {
      return tideline.restore(RestoreRequest.everything(), listener);
    }
  }

  /** Runs are ordered by their instants. */
  private Tideline open(Settings settings) {
    return Tideline.open(settings, new SettableClock(NOW.plusMillis(++opened)));
  }

  private static List<List<String>> live(TestDatabase database) {
    return Stream.of("runs", "batches", "states").map(database::dump).toList();
  }

  @ParameterizedTest
  @MethodSource("actions")
  void theyLieInTheArchiveTablesAsTheyWere(Product product, String action) {
    try (TestDatabase database = scene(product, action)) {
      RunReport report = run(database, RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(database.query("SELECT id FROM states")).containsExactly("20");
      assertThat(database.query("SELECT first_state FROM batches")).containsExactly("20");
      assertThat(
              database.query(
                  "SELECT id || ' ' || batch || ' ' || coalesce(elder, 0) FROM states_archive"
                      + " ORDER BY id"))
          .containsExactly("10 1 0", "11 1 10", "30 3 31", "31 3 30");
      assertThat(
              database.query(
                  "SELECT id || ' ' || run || ' ' || first_state FROM batches_archive ORDER BY id"))
          .containsExactly("1 1 10", "3 1 30");
    }
  }

  /** Copies and deletions are one transaction. */
  @ParameterizedTest
  @MethodSource("actions")
  void nothingIsHalfMoved(Product product, String action) {
    try (TestDatabase database = scene(product, action)) {
      List<List<String>> original = live(database);
      try {
        run(database, new FailingAt(Step.BATCH_DELETED, 1));
      } catch (FailingAt.Failure expected) {
        assertThat(live(database)).isEqualTo(original);
        assertThat(database.query("SELECT count(*) FROM states_archive")).containsExactly("0");
      }
      assertThat(run(database, RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
      assertThat(database.query("SELECT count(*) FROM states_archive")).containsExactly("4");
    }
  }

  @ParameterizedTest
  @MethodSource("actions")
  void theyComeBack(Product product, String action) {
    try (TestDatabase database = scene(product, action)) {
      List<List<String>> original = live(database);
      run(database, RunListener.NONE);
      RestoreReport report = restore(settings(database), RunListener.NONE);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.restored()).isEqualTo(7);
      isBack(database, original, report);
    }
  }

  private static void isBack(TestDatabase database, List<List<String>> original, Object what) {
    assertThat(live(database)).as("%s", what).isEqualTo(original);
    assertThat(database.query("SELECT count(*) FROM states_archive")).containsExactly("0");
  }

  static Stream<Arguments> steps() {
    return Stream.of(Product.values())
        .flatMap(
            product ->
                Stream.of(Step.values())
                    .filter(step -> step.name().startsWith("RESTORE"))
                    .map(step -> Arguments.of(product, step)));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void whereSomeWereArchivedAllComeBackOrNone(Product product, Step step) {
    try (TestDatabase database = scene(product, "SET NULL")) {
      List<List<String>> original = live(database);
      RunReport report = run(mixed(database), RunListener.NONE);
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(database.query("SELECT count(*) FROM states_archive")).containsExactly("4");
      assertThatThrownBy(() -> database.query("SELECT id FROM batches_archive"));

      FailingAt failing = new FailingAt(step, 1);
      assertThatThrownBy(() -> restore(mixed(database), failing))
          .isInstanceOf(FailingAt.Failure.class);
      List<String> states = database.query("SELECT id FROM states ORDER BY id");
      assertThat(database.query("SELECT id FROM batches ORDER BY id"))
          .isEqualTo(states.size() == 1 ? List.of("2") : List.of("1", "2", "3"));
      assertThat(database.query("SELECT id FROM states_archive")).hasSize(5 - states.size());

      RestoreReport again = restore(mixed(database), RunListener.NONE);
      assertThat(again.exit()).as("%s", again).isEqualTo(ExitCode.DONE);
      isBack(database, original, again);
      assertThat(restore(mixed(database), RunListener.NONE).restored()).isZero();
    }
  }

  /** A ring of many rows: it comes in several transactions, and a process dies between them. */
  @ParameterizedTest
  @CsvSource({
    "SQLITE, RESTORE_INSERTED",
    "SQLITE, RESTORE_COMMITTED",
    "POSTGRESQL, RESTORE_INSERTED",
    "POSTGRESQL, RESTORE_COMMITTED"
  })
  void aProcessIsKilledBetween(Product product, Step step) {
    try (TestDatabase database = scene(product, "SET NULL")) {
      String numbers =
          "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 2600) ";
      database.execute(
          "INSERT INTO batches " + numbers + "SELECT i, 1, NULL FROM n",
          "INSERT INTO states " + numbers + "SELECT i, i, 10 FROM n",
          "UPDATE batches SET first_state = id WHERE id >= 100",
          "UPDATE states SET elder = id - 1 WHERE id > 100");
      List<List<String>> original = live(database);
      RunReport report = run(database, RunListener.NONE);
      assertThat(database.query("SELECT id FROM states")).as("%s", report).containsExactly("20");

      ForkedRun.Result killed =
          ForkedRun.restore(settings(database))
              .at(NOW.plusMillis(++opened))
              .killedAt(step, 3)
              .start();
      assertThat(killed.killed()).as("%s", killed).isTrue();
      for (String table : List.of("batches", "states")) {
        List<String> here = database.query("SELECT id FROM " + table);
        List<String> there = database.query("SELECT id FROM " + table + "_archive");
        assertThat(here).as("live of %s", table).hasSizeBetween(1_000, 2_400);
        assertThat(here).doesNotContainAnyElementsOf(there);
        assertThat(here.size() + there.size()).isEqualTo(original.get(1).size() + count(table));
      }
      RestoreReport again = restore(settings(database), RunListener.NONE);
      assertThat(again.exit()).as("%s", again).isEqualTo(ExitCode.DONE);
      isBack(database, original, again);
    }
  }

  /** There are two more states than batches. */
  private static int count(String table) {
    return table.equals("states") ? 2 : 0;
  }

  /** The policy changed in between: elders were archived, then the states that refer to them. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void runsOfBothKindsComeBack(Product product) {
    try (TestDatabase database = scene(product, "NO ACTION")) {
      database.execute(
          "INSERT INTO runs VALUES (3, '2026-01-01 00:00:00')",
          "INSERT INTO batches VALUES (4, 3, NULL)",
          "INSERT INTO states VALUES (40, 4, 30)",
          "UPDATE batches SET first_state = 40 WHERE id = 4");
      List<List<String>> original = live(database);
      Settings moving = settings(database);
      Policy policy = moving.policies().get(0);
      Settings archiving =
          Settings.of(
                  database.url(),
                  folder.resolve("archive"),
                  List.of(
                      Policy.of("runs", "runs")
                          .time("at")
                          .retain(Duration.ofDays(30))
                          .where("id = 3")
                          .dependents(policy.dependents())
                          .build()))
              .withPace(Pace.OFFLINE);
      assertThat(run(archiving, RunListener.NONE).removed()).isEqualTo(3);
      assertThat(run(moving, RunListener.NONE).removed()).isEqualTo(7);

      RestoreReport report = restore(moving, RunListener.NONE);
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      isBack(database, original, report);
    }
  }

  /** A NULL in the only unique key that is declared names no row; another key is referred to. */
  @Test
  void rowsWithoutANameComeBackInTheirPlaces() {
    for (Action action : List.of(Action.MOVE, Action.ARCHIVE)) {
      try (TestDatabase database = Product.SQLITE.create(folder)) {
        database.execute(
            "CREATE TABLE states (u integer UNIQUE, at text, name text UNIQUE, elder text"
                + " REFERENCES states(name) ON DELETE SET NULL)",
            "INSERT INTO states VALUES (NULL, '2026-01-01 00:00:00', 'a', NULL),"
                + " (2, '2026-01-01 00:00:00', 'b', 'a'), (NULL, '2026-01-01 00:00:00', 'c', 'b'),"
                + " (4, '2026-01-01 00:00:00', 'd', 'c'), (NULL, '2026-01-01 00:00:00', 'e', 'd'),"
                + " (NULL, '2026-01-01 00:00:00', NULL, 'e'),"
                + " (NULL, '2026-01-01 00:00:00', NULL, 'e')",
            "UPDATE states SET elder = 'd' WHERE name = 'a'");
        List<String> original = database.dump("states");
        Settings settings =
            Settings.of(
                    database.url(),
                    folder.resolve(action.name()),
                    List.of(
                        Policy.of("states", "states")
                            .time("at")
                            .retain(Duration.ofDays(30))
                            .action(action)
                            .build()))
                .withPace(Pace.OFFLINE);
        assertThat(run(settings, RunListener.NONE).removed()).isEqualTo(7);
        RestoreReport report = restore(settings, RunListener.NONE);
        assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
        assertThat(database.dump("states")).hasSameElementsAs(original).hasSize(7);
      }
    }
  }
}
