package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that are moved although the foreign keys between them change or delete rows. */
class MovedRingsTest {
  private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");

  @TempDir Path folder;

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

  private Settings settings(TestDatabase database) {
    Policy policy =
        Policy.of("runs", "runs")
            .time("at")
            .retain(Duration.ofDays(30))
            .action(Action.MOVE)
            .dependents(List.of(Dependent.of("batches"), Dependent.of("states")))
            .build();
    return Settings.of(database.url(), folder.resolve("archive"), List.of(policy))
        .withPace(Pace.OFFLINE);
  }

  private RunReport run(TestDatabase database, RunListener listener) {
    try (Tideline tideline = Tideline.open(settings(database), new SettableClock(NOW))) {
      return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), listener);
    }
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
}
