package io.tideline.testkit.plans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.plan.Plan;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunListener;
import io.tideline.testkit.Product;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A saved plan of trees is stale once more rows of any table would go. */
class SavedPlanTest {
  @TempDir Path folder;

  private TestDatabase database() {
    TestDatabase database = Product.SQLITE.create(folder);
    database.execute(
        "CREATE TABLE runs (id integer PRIMARY KEY, at text)",
        "CREATE TABLE notes (id integer PRIMARY KEY, run integer REFERENCES runs (id))",
        "CREATE TABLE marks (id integer PRIMARY KEY, run integer REFERENCES runs (id))",
        "INSERT INTO runs VALUES (1, '2020-01-01')",
        "INSERT INTO notes VALUES (1, 1)",
        "INSERT INTO marks VALUES (1, 1)");
    return database;
  }

  private Settings settings(TestDatabase database) {
    return Settings.of(
        database.url(),
        folder.resolve("archive"),
        List.of(
            Policy.of("runs", "runs")
                .time("at")
                .retain(Duration.ofDays(30))
                .dependents(
                    List.of(
                        Dependent.of("notes"),
                        new Dependent("marks", List.of(), Dependent.OnRoot.DETACH)))
                .build()));
  }

  @Test
  void countsWhatGoesWithTheRows() {
    try (TestDatabase database = database();
        Tideline tideline = Tideline.open(settings(database))) {
      Plan plan = tideline.plan(Selection.all(), RunListener.NONE);
      assertThat(plan.rows()).isEqualTo(1);
      assertThat(plan.withThem()).isEqualTo(1);
      assertThat(plan.policies().get(0).detached()).isEqualTo(1);
      Tideline.savePlan(plan, folder.resolve("saved.plan"));
      assertThat(tideline.loadPlan(folder.resolve("saved.plan"), RunListener.NONE).withThem())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "notes,remove 2 rows of other tables",
    "marks,take references of 2 rows",
  })
  void isStaleOnceMoreGoWithThem(String table, String what) {
    try (TestDatabase database = database();
        Tideline tideline = Tideline.open(settings(database))) {
      Path saved = folder.resolve("saved.plan");
      Tideline.savePlan(tideline.plan(Selection.all(), RunListener.NONE), saved);
      database.execute("INSERT INTO " + table + " VALUES (2, 1)");
      assertThatThrownBy(() -> tideline.loadPlan(saved, RunListener.NONE))
          .hasMessageContaining("policy 'runs' would " + what + ", the plan says 1");
    }
  }
}
