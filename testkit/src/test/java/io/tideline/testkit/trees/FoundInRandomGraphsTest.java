package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.plan.Plan;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Reference;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the test of random graphs once found, as small as it gets. */
class FoundInRandomGraphsTest {
  private static final String OLD = "'2026-01-01 00:00:00'";
  private static final String NEW = "'2026-09-30 00:00:00'";

  @TempDir Path folder;

  private Settings settings(TestDatabase database, Policy... policies) {
    return Settings.of(database.url(), folder.resolve("archive"), List.of(policies))
        .withPace(Pace.OFFLINE);
  }

  private static Plan plan(Settings settings) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(GraphPolicy.NOW))) {
      return tideline.plan(Selection.all(), RunListener.NONE);
    }
  }

  private static RunReport run(Settings settings) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(GraphPolicy.NOW))) {
      return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE);
    }
  }

  private static Policy.Builder policy(String table) {
    return Policy.of(table, table).time("at").retain(Duration.ofDays(30));
  }

  private static String time(Product product) {
    return product == Product.SQLITE ? "text" : "timestamp";
  }

  /** The newest of a group that shares a row was counted twice, and what goes as nothing. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void aTreeIsCountedOnceThatSharesARowWithTheNewestOfAGroup(Product product) {
    try (TestDatabase database = product.create(folder)) {
      database.execute(
          "CREATE TABLE runs (id integer PRIMARY KEY, at " + time(product) + ", kind integer)",
          "CREATE TABLE rows_ (id integer PRIMARY KEY, a integer REFERENCES runs(id),"
              + " b integer REFERENCES runs(id))",
          "INSERT INTO runs VALUES (1, %s, 1), (2, %s, 2), (3, %s, 2), (4, %s, 2)"
              .formatted(OLD, OLD, OLD, NEW),
          "INSERT INTO rows_ VALUES (1, 1, 2)");
      Settings settings =
          settings(
              database,
              policy("runs")
                  .dependents(List.of(Dependent.of("rows_")))
                  .keepLatest(new KeepLatest(List.of(new KeepLatest.Part("kind", false)), 1))
                  .build());
      assertThat(plan(settings).rows()).isEqualTo(1);
      RunReport report = run(settings);
      assertThat(report.removed()).as("%s", report).isEqualTo(1);
      assertThat(database.query("SELECT id FROM runs ORDER BY id")).containsExactly("1", "2", "4");
    }
  }

  /** They lay outside the span of keys that the plan saw, or had no archive table. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void rowsGoThatAnotherPolicyOfTheSameRunSetsFree(Product product) {
    for (Action action : List.of(Action.ARCHIVE, Action.MOVE)) {
      for (String first : List.of("", "(1, " + OLD + "), ")) {
        try (TestDatabase database = product.create(folder)) {
          database.execute(
              "CREATE TABLE runs (id integer PRIMARY KEY, at " + time(product) + ")",
              "CREATE TABLE rows_ (id integer PRIMARY KEY, at "
                  + time(product)
                  + ", run integer NOT NULL REFERENCES runs(id))",
              "INSERT INTO runs VALUES " + first + "(2, " + OLD + ")",
              "INSERT INTO rows_ VALUES (1, " + OLD + ", 2)");
          Settings settings =
              Settings.of(
                      database.url(),
                      folder.resolve(action + "-" + first.length() + product),
                      List.of(
                          policy("runs").action(action).build(),
                          policy("rows_").action(action).build()))
                  .withPace(Pace.OFFLINE);
          run(settings);
          assertThat(database.count("runs")).as("%s, first %s", action, first).isZero();
        }
      }
    }
  }

  /** It was only looked at again if a row referred to it. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void aTreeGoesThatAnotherPolicyOfTheSameRunMadeSmaller(Product product) {
    try (TestDatabase database = product.create(folder)) {
      database.execute(
          "CREATE TABLE runs (id integer PRIMARY KEY, at " + time(product) + ")",
          "CREATE TABLE rows_ (id integer PRIMARY KEY, at "
              + time(product)
              + ", run integer NOT NULL REFERENCES runs(id))",
          "INSERT INTO runs VALUES (1, " + OLD + ")",
          "INSERT INTO rows_ VALUES (1, %s, 1), (2, %s, 1)".formatted(OLD, NEW));
      Policy runs = policy("runs").dependents(List.of(Dependent.of("rows_"))).maxTree(2).build();
      RunReport report = run(settings(database, runs, policy("rows_").build()));
      assertThat(database.count("runs")).as("%s", report).isZero();
    }
  }

  /** SQLite counted what the foreign key did, and the tree was refused. */
  @ParameterizedTest
  @ValueSource(strings = {"CASCADE", "SET NULL", "SET DEFAULT"})
  void rowsOfATreeGoThatAForeignKeyOfTheirOwnTableActsOn(String onDelete) {
    for (Product product : Product.values()) {
      try (TestDatabase database = product.create(folder)) {
        database.execute(
            "CREATE TABLE runs (id integer PRIMARY KEY, at " + time(product) + ")",
            "CREATE TABLE rows_ (id integer PRIMARY KEY, run integer REFERENCES runs(id),"
                + " parent integer REFERENCES rows_(id) ON DELETE "
                + onDelete
                + ")",
            "INSERT INTO runs VALUES (1, " + OLD + ")",
            "INSERT INTO rows_ VALUES (1, 1, NULL), (2, 1, 1), (3, 1, 2)");
        Settings settings =
            Settings.of(
                    database.url(),
                    folder.resolve(onDelete + product),
                    List.of(policy("runs").dependents(List.of(Dependent.of("rows_"))).build()))
                .withPace(Pace.OFFLINE);
        RunReport report = run(settings);
        assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
        assertThat(database.count("rows_")).isZero();
      }
    }
  }

  /** A root of the first slice stays; what it refers to was planned with a later one. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void thePlanKnowsInEverySliceWhichRootsStay(Product product) {
    try (TestDatabase database = product.create(folder)) {
      database.execute(
          "CREATE TABLE runs (id integer PRIMARY KEY, at "
              + time(product)
              + ", retry integer REFERENCES runs(id))");
      for (int i = 20; i >= 1; i--) {
        String retry = i == 1 ? "20" : "NULL";
        String at = i == 19 ? NEW : OLD;
        database.execute("INSERT INTO runs VALUES (%d, %s, %s)".formatted(i, at, retry));
      }
      database.execute("UPDATE runs SET retry = 1 WHERE id = 19");
      Settings settings = settings(database, policy("runs").build());
      long planned = plan(settings).rows();
      RunReport report = run(settings);
      assertThat(report.removed()).as("%s", report).isEqualTo(17).isEqualTo(planned);
    }
  }

  /** The foreign key acted on a row before it was copied, and the copy lacked the value. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void whatIsMovedIsAsItWas(Product product) {
    try (TestDatabase database = product.create(folder)) {
      database.execute(
          "CREATE TABLE runs (id integer PRIMARY KEY, at " + time(product) + ", best integer)",
          "CREATE TABLE rows_ (id integer PRIMARY KEY, run integer REFERENCES runs(id)"
              + " ON DELETE SET NULL)",
          "INSERT INTO runs VALUES (1, " + OLD + ", 1)",
          "INSERT INTO rows_ VALUES (1, 1)");
      Settings settings =
          settings(
                  database,
                  policy("runs")
                      .action(Action.MOVE)
                      .dependents(List.of(Dependent.of("rows_")))
                      .build())
              .withReferences(
                  List.of(new Reference("runs", List.of("best"), "rows_", List.of("id"))));
      RunReport report = run(settings);
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(database.query("SELECT run FROM rows__archive")).containsExactly("1");
      assertThat(database.count("rows_") + database.count("runs")).isZero();
    }
  }

  /** As above, where a trigger lets SQLite move rows one by one. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void whatIsMovedOneByOneIsAsItWas(Product product) {
    try (TestDatabase database = product.create(folder)) {
      database.execute(
          "CREATE TABLE runs (id integer PRIMARY KEY, at "
              + time(product)
              + ", retry integer REFERENCES runs(id) ON DELETE SET NULL)",
          "INSERT INTO runs VALUES (1, %s, NULL), (2, %s, 1)".formatted(OLD, OLD));
      if (product == Product.SQLITE) {
        database.execute(
            "CREATE TRIGGER kept BEFORE DELETE ON runs WHEN OLD.id = 3"
                + " BEGIN SELECT RAISE(IGNORE); END");
      }
      run(settings(database, policy("runs").action(Action.MOVE).build()));
      assertThat(database.query("SELECT retry FROM runs_archive WHERE id = 2"))
          .containsExactly("1");
      assertThat(database.count("runs")).isZero();
    }
  }

  /** What another policy of the ring said of the foreign key itself counted more. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void aPolicysOwnEntryCountsMoreThanThatOfAnotherInTheRing(Product product) {
    try (TestDatabase database = product.create(folder)) {
      String at = time(product);
      database.execute(
          "CREATE TABLE rows_ (id integer PRIMARY KEY, at " + at + ", run integer)",
          "CREATE TABLE runs (id integer PRIMARY KEY, at "
              + at
              + ", best integer REFERENCES rows_(id))",
          "CREATE TABLE notes (id integer PRIMARY KEY, run integer REFERENCES runs(id))",
          "INSERT INTO runs VALUES (1, " + OLD + ", NULL)",
          "INSERT INTO notes VALUES (1, 1)");
      Settings settings =
          settings(
                  database,
                  policy("runs")
                      .dependents(List.of(new Dependent("notes", List.of(), Dependent.OnRoot.KEEP)))
                      .build(),
                  policy("rows_")
                      .dependents(
                          List.of(
                              Dependent.of("runs"),
                              new Dependent("notes", List.of("run"), Dependent.OnRoot.DETACH)))
                      .build())
              .withReferences(
                  List.of(new Reference("rows_", List.of("run"), "runs", List.of("id"))));
      run(settings);
      assertThat(database.query("SELECT id FROM runs")).containsExactly("1");
      assertThat(database.query("SELECT run FROM notes")).containsExactly("1");
    }
  }

  /** Rows without a value in the unique column counted as copies of one row, and stayed. */
  @Test
  void movedRowsComeBackWhoseUniqueColumnIsNull() {
    try (TestDatabase database = Product.SQLITE.create(folder)) {
      database.execute(
          "CREATE TABLE notes (u integer UNIQUE, at text, body text)",
          "INSERT INTO notes VALUES (NULL, "
              + OLD
              + ", 'a'), (2, "
              + OLD
              + ", 'b'), (NULL, "
              + OLD
              + ", 'c')");
      Settings settings = settings(database, policy("notes").action(Action.MOVE).build());
      run(settings);
      try (Tideline tideline =
          Tideline.open(settings, new SettableClock(GraphPolicy.NOW.plusSeconds(1)))) {
        tideline.restore(RestoreRequest.everything(), RunListener.NONE);
      }
      assertThat(database.query("SELECT body FROM notes ORDER BY 1"))
          .containsExactly("a", "b", "c");
      assertThat(database.count("notes_archive")).isZero();
    }
  }
}
