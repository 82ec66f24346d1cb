package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.Product;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** References that become NULL have a record first, and come back to the row that they meant. */
class DetachedReferencesTest {
  private static final String OLD = "'2020-01-01'";

  @TempDir Path folder;

  private Settings settings(TestDatabase database, Action action, List<Dependent> dependents) {
    return Settings.of(
        database.url(),
        folder.resolve("archive"),
        List.of(
            Policy.of("runs", "runs")
                .time("at")
                .retain(Duration.ofDays(30))
                .action(action)
                .dependents(dependents)
                .build()));
  }

  private static RunReport run(Settings settings, RunListener listener) {
    try (Tideline tideline = Tideline.open(settings)) {
      return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), listener);
    }
  }

  private static RestoreReport restore(Settings settings) {
    try (Tideline tideline = Tideline.open(settings)) {
      return tideline.restore(RestoreRequest.everything(), RunListener.NONE);
    }
  }

  private static String time(Product product) {
    return product == Product.SQLITE ? "text" : "timestamp";
  }

  /**
   * Run 1 is noted by a note that should go with run 2. That stays in the end, because run 3, which
   * follows it, changed after it was archived: then the note stays, too.
   */
  @ParameterizedTest
  @EnumSource(Product.class)
  void aReferenceStaysWhoseRowShouldHaveGoneItself(Product product) {
    try (TestDatabase database = product.create(folder)) {
      database.execute(
          "CREATE TABLE runs (id integer PRIMARY KEY, at "
              + time(product)
              + ", follows integer REFERENCES runs (id))",
          "CREATE TABLE notes (id integer PRIMARY KEY, of_run integer REFERENCES runs (id),"
              + " see_run integer REFERENCES runs (id))",
          "INSERT INTO runs VALUES (1, %s, NULL), (2, %s, NULL), (3, %s, 2)"
              .formatted(OLD, OLD, OLD),
          "INSERT INTO notes VALUES (1, 2, 1), (2, 3, NULL)");
      Settings settings =
          settings(
              database,
              Action.ARCHIVE,
              List.of(
                  new Dependent("notes", List.of("of_run"), Dependent.OnRoot.DELETE),
                  new Dependent("notes", List.of("see_run"), Dependent.OnRoot.DETACH),
                  new Dependent("runs", List.of("follows"), Dependent.OnRoot.KEEP)));
      boolean[] sealed = {false};
      RunReport report =
          run(
              settings,
              event -> {
                if (!sealed[0] && event.equals(new RunEvent.Stepped(Step.SEALED))) {
                  sealed[0] = true;
                  database.execute("INSERT INTO notes VALUES (3, 3, NULL)");
                }
              });
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(database.query("SELECT see_run FROM notes WHERE id = 1")).containsExactly("1");
      assertThat(database.count("runs")).isEqualTo(3);

      assertThat(run(settings, RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
      assertThat(database.count("notes") + database.count("runs")).isZero();
      assertThat(restore(settings).exit()).isEqualTo(ExitCode.DONE);
      assertThat(database.query("SELECT see_run FROM notes WHERE id = 1")).containsExactly("1");
    }
  }

  /** The application gave the key of the row that went to another one. */
  @ParameterizedTest
  @EnumSource(
      value = Action.class,
      names = {"ARCHIVE", "MOVE"})
  void aReferenceIsNotSetToAnotherRow(Action action) {
    for (Product product : Product.values()) {
      Path own = folder.resolve(product.name());
      try (TestDatabase database = product.create(own.toFile().mkdir() ? own : folder)) {
        database.execute(
            "CREATE TABLE runs (id integer PRIMARY KEY, at " + time(product) + ", name text)",
            "CREATE TABLE notes (id integer PRIMARY KEY, run integer REFERENCES runs (id))",
            "INSERT INTO runs VALUES (1, %s, 'Ann'), (2, %s, 'Eve')".formatted(OLD, OLD),
            "INSERT INTO notes VALUES (1, 1), (2, 2)");
        Settings settings =
            Settings.of(
                database.url(),
                own.resolve("archive"),
                settings(
                        database,
                        action,
                        List.of(new Dependent("notes", List.of(), Dependent.OnRoot.DETACH)))
                    .policies());
        assertThat(run(settings, RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
        database.execute("INSERT INTO runs VALUES (1, '2999-01-01', 'Bob')");

        RestoreReport report = restore(settings);

        assertThat(report.exit()).isEqualTo(ExitCode.ROWS_LEFT);
        assertThat(report.attached()).isEqualTo(1);
        assertThat(report.tables())
            .anySatisfy(
                each ->
                    assertThat(each.examples())
                        .anyMatch(text -> text.contains("another row stands where the one was")));
        assertThat(database.query("SELECT run FROM notes ORDER BY id")).containsExactly(null, "2");
      }
    }
  }
}
