package io.tideline.testkit.plans;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.plan.Kept;
import io.tideline.plan.Plan;
import io.tideline.plan.PolicyPlan;
import io.tideline.plan.Reason;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Require;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.policy.Terms;
import io.tideline.run.PolicyReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several policies whose tables refer to each other: a plan says what its run then does. */
class PoliciesInOrderTest {
  private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");

  @TempDir Path folder;

  private static Policy.Builder policy(String table) {
    return Policy.of(table, table).time("at").retain(Duration.ofDays(30));
  }

  private Settings settings(TestDatabase database, Policy... policies) {
    return Settings.of(database.url(), folder.resolve("archive"), List.of(policies))
        .withPace(Pace.OFFLINE);
  }

  /** Plans and runs; the two say the same. */
  private static Plan planAndRun(Settings settings) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
      Plan plan = tideline.plan(Selection.all(), RunListener.NONE);
      RunReport report = tideline.run(plan, RunListener.NONE);
      for (int i = 0; i < plan.policies().size(); i++) {
        PolicyPlan planned = plan.policies().get(i);
        PolicyReport done = report.policies().get(i);
        assertThat(done.removed()).as("%s: %s", planned, done).isEqualTo(planned.allRows());
        assertThat(words(done.kept())).as("%s", done).isEqualTo(words(planned.kept()));
      }
      return plan;
    }
  }

  private static List<String> words(List<Kept> kept) {
    return kept.stream()
        .filter(each -> each.rows() > 0)
        .map(each -> each.reason() + " " + each.rows() + " " + each.detail())
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aChainOfPoliciesGoesAsFarAsItsReferrersGo(Product product) {
    try (TestDatabase database = product.create(folder)) {
      database.execute(
          "CREATE TABLE a (id integer PRIMARY KEY, at text)",
          "CREATE TABLE b (id integer PRIMARY KEY, at text, a integer REFERENCES a (id))",
          "CREATE TABLE c (id integer PRIMARY KEY, at text, b integer REFERENCES b (id))");
      Random random = new Random(7);
      List<String> sql = new ArrayList<>();
      for (int i = 1; i <= 200; i++) {
        for (String table : List.of("a", "b", "c")) {
          String at = random.nextInt(3) > 0 ? "'2026-01-01 00:00:00'" : "'2026-09-30 00:00:00'";
          String up = random.nextInt(4) == 0 ? "NULL" : String.valueOf(1 + random.nextInt(i));
          sql.add(
              "INSERT INTO %s VALUES (%d, %s%s)"
                  .formatted(table, i, at, table.equals("a") ? "" : ", " + up));
        }
      }
      database.execute(sql.toArray(String[]::new));

      Plan plan =
          planAndRun(
              settings(database, policy("a").build(), policy("b").build(), policy("c").build()));

      assertThat(plan.policies().stream().map(each -> each.policy().name()))
          .containsExactly("c", "b", "a");
      assertThat(plan.policies().get(2).kept())
          .anyMatch(kept -> kept.reason() == Reason.REFERRED_TO);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aDependentWithAPolicyOfItsOwnIsCountedOnce(Product product) {
    try (TestDatabase database = product.create(folder)) {
      database.execute(
          "CREATE TABLE a (id integer PRIMARY KEY, at text)",
          "CREATE TABLE b (id integer PRIMARY KEY, at text, a integer REFERENCES a (id))",
          "INSERT INTO a VALUES (1, '2026-01-01 00:00:00'), (2, '2026-01-01 00:00:00')",
          "INSERT INTO b VALUES (1, '2026-01-01 00:00:00', 1), (2, '2026-09-30 00:00:00', 1),"
              + " (3, '2026-01-01 00:00:00', NULL)");

      Plan plan =
          planAndRun(
              settings(
                  database,
                  policy("a").dependents(List.of(Dependent.of("b"))).build(),
                  policy("b").build()));

      assertThat(plan.policies().stream().map(each -> each.policy().name() + each.allRows()))
          .containsExactly("b2", "a3");
      assertThat(database.query("SELECT count(*) FROM b")).containsExactly("0");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void treesThatTakeRowsMoreSafelyGoFirst(Product product) {
    try (TestDatabase database = product.create(folder)) {
      twoTables(database);
      Policy root = policy("a").dependents(List.of(Dependent.of("b"))).build();
      Settings settings = settings(database, policy("b").action(Action.DELETE).build(), root);
      List<String> before = database.dump("b");

      Plan plan = planAndRun(settings);

      assertThat(plan.policies().stream().map(each -> each.policy().name() + each.allRows()))
          .containsExactly("a3", "b1");
      assertThat(database.query("SELECT id FROM b")).isEmpty();
      try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
        tideline.restore(RestoreRequest.everything(), RunListener.NONE);
      }
      assertThat(database.dump("b")).isEqualTo(before.subList(0, 2));
    }
  }

  /** Rows of b that refer to rows of b make a ring of the two tables, which the turn opens. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void treesGoFirstWhoseRowsReferToTheirOwnTable(Product product) {
    try (TestDatabase database = product.create(folder)) {
      twoTables(database);
      database.execute(
          "CREATE TABLE p (id integer PRIMARY KEY, at text)",
          "CREATE TABLE q (id integer PRIMARY KEY, at text, p integer REFERENCES p (id),"
              + " up integer REFERENCES q (id))",
          "INSERT INTO p VALUES (1, '2026-01-01 00:00:00')",
          "INSERT INTO q VALUES (1, '2026-01-01 00:00:00', 1, NULL),"
              + " (2, '2026-01-01 00:00:00', 1, 1)");
      Settings settings =
          settings(
              database,
              policy("p").dependents(List.of(Dependent.of("q"))).build(),
              policy("q").action(Action.DELETE).build(),
              policy("b").action(Action.DELETE).build(),
              policy("a").dependents(List.of(Dependent.of("b"))).build());
      List<String> before = database.dump("q");

      Plan plan = planAndRun(settings);

      assertThat(plan.policies().stream().map(each -> each.policy().name() + each.allRows()))
          .containsExactlyInAnyOrder("p3", "q0", "a3", "b1");
      try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
        tideline.restore(RestoreRequest.everything(), RunListener.NONE);
      }
      assertThat(database.dump("q")).isEqualTo(before);
      assertThat(database.query("SELECT count(*) FROM b")).containsExactly("2");
    }
  }

  /** Else rows would go without a copy that the plan said are archived. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void rowsWaitForThePolicyThatTakesThemMoreSafely(Product product) {
    try (TestDatabase database = product.create(folder)) {
      twoTables(database);
      Policy root = policy("a").dependents(List.of(Dependent.of("b"))).build();
      Require nothing =
          new Require(
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of("SELECT id FROM a"));
      Terms terms = new Terms(Pace.OFFLINE, Optional.empty(), Optional.empty(), nothing);
      Settings settings =
          settings(database, policy("b").action(Action.DELETE).build(), root)
              .withTerms(Terms.of(Pace.OFFLINE), Map.of("a", terms));
      try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
        RunReport report =
            tideline.run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE);

        assertThat(report.exit()).isEqualTo(ExitCode.FORBIDDEN);
        assertThat(report.removed()).isZero();
        assertThat(report.policies().get(1).skipped())
            .contains("the guard 'none' forbids it")
            .endsWith("; with policy 'a' its rows go more safely");
        assertThat(database.query("SELECT count(*) FROM b")).containsExactly("3");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRootGoesByThePolicyThatExpiresIt(Product product) {
    try (TestDatabase database = product.create(folder)) {
      twoTables(database);
      Policy purge =
          Policy.of("purge", "a")
              .time("at")
              .retain(Duration.ofDays(30))
              .where("id = 1")
              .action(Action.DELETE)
              .dependents(List.of(Dependent.of("b")))
              .build();
      Policy keep =
          Policy.of("keep", "a").time("at").retain(Duration.ofDays(30)).where("id > 1").build();
      Settings settings = settings(database, purge, keep);

      planAndRun(settings);

      assertThat(database.query("SELECT count(*) FROM a")).containsExactly("0");
      try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
        assertThat(tideline.archives()).isEmpty();
      }
    }
  }

  private static void twoTables(TestDatabase database) {
    database.execute(
        "CREATE TABLE a (id integer PRIMARY KEY, at text)",
        "CREATE TABLE b (id integer PRIMARY KEY, at text, a integer REFERENCES a (id))",
        "INSERT INTO a VALUES (1, '2026-01-01 00:00:00')",
        "INSERT INTO b VALUES (1, '2026-01-01 00:00:00', 1), (2, '2026-09-30 00:00:00', 1),"
            + " (3, '2026-01-01 00:00:00', NULL)");
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void rowsThatGoLessSafelyBeforeTheirRootsAreTold(Product product) {
    try (TestDatabase database = product.create(folder)) {
      twoTables(database);
      // Rows of c keep those of b, and only the policy of b takes them.
      database.execute("CREATE TABLE c (id integer PRIMARY KEY, b integer REFERENCES b (id))");
      Policy root = policy("a").dependents(List.of(Dependent.of("b"))).build();
      Policy.Builder own = policy("b").dependents(List.of(Dependent.of("c")));

      for (Action same : List.of(Action.ARCHIVE, Action.DELETE)) {
        Policy mended = policy("a").dependents(List.of(Dependent.of("b"))).action(same).build();
        assertThat(told(settings(database, mended, own.action(same).build()))).isEmpty();
      }
      assertThat(told(settings(database, root, own.action(Action.DELETE).build())))
          .containsExactly(
              "deletes without a copy 2 rows of b before the trees of policy 'a' go, in which rows of"
                  + " b are archived: those whose root goes in the same run do not come back with it"
                  + " | action: archive for policy 'b'");
      assertThat(told(settings(database, root, own.action(Action.MOVE).build())))
          .singleElement()
          .asString()
          .startsWith("moves to the archive table 2 rows of ");
    }
  }

  private static List<String> told(Settings settings) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
      return tideline.plan(Selection.all(), RunListener.NONE).policies().stream()
          .flatMap(each -> each.findings().stream())
          .filter(each -> each.code().equals("goes-before-root"))
          .map(each -> each.what() + " | " + each.mend())
          .toList();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRingGoesTogetherWhereEachRowIsExpired(Product product) {
    try (TestDatabase database = product.create(folder)) {
      database.execute(
          "CREATE TABLE a (id integer PRIMARY KEY, at text, c integer)",
          "CREATE TABLE b (id integer PRIMARY KEY, at text, a integer REFERENCES a (id))",
          "CREATE TABLE c (id integer PRIMARY KEY, at text, b integer REFERENCES b (id))");
      String ring = "FOREIGN KEY (c) REFERENCES c (id)";
      if (product == Product.POSTGRESQL) {
        database.execute("ALTER TABLE a ADD " + ring);
      } else {
        database.execute(
            "DROP TABLE a",
            "CREATE TABLE a (id integer PRIMARY KEY, at text, c integer, " + ring + ")");
      }
      // Ring 1 is old, of ring 2 one row is young, 3 is a line that leads into ring 2.
      database.execute(
          "INSERT INTO a VALUES (1, '2026-01-01 00:00:00', NULL), (2, '2026-01-01 00:00:00', NULL)",
          "INSERT INTO b VALUES (1, '2026-01-01 00:00:00', 1), (2, '2026-09-30 00:00:00', 2),"
              + " (3, '2026-01-01 00:00:00', 2)",
          "INSERT INTO c VALUES (1, '2026-01-01 00:00:00', 1), (2, '2026-01-01 00:00:00', 2),"
              + " (3, '2026-01-01 00:00:00', 3)",
          "UPDATE a SET c = 1 WHERE id = 1",
          "UPDATE a SET c = 2 WHERE id = 2");

      planAndRun(settings(database, policy("a").build(), policy("b").build(), policy("c").build()));

      assertThat(database.query("SELECT id FROM a")).containsExactly("2");
      assertThat(database.query("SELECT id FROM b")).containsExactly("2");
      assertThat(database.query("SELECT id FROM c")).containsExactly("2");
    }
  }
}
