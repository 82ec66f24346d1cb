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
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * References of rows that nothing but a hidden key names come back after a change of the schema.
 */
class NamelessReferencesTest {
  private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
  private static final String ROWS = "SELECT k.pid, k.qid, k.name, k.v FROM k ORDER BY 1, 2, 3, 4";

  @TempDir Path folder;

  private TestDatabase database(String name) {
    TestDatabase database = Product.SQLITE.create(folder);
    database.execute(
        "CREATE TABLE p (id integer PRIMARY KEY, at text)",
        "CREATE TABLE k (pid integer REFERENCES p (id), qid integer REFERENCES p (id), name text "
            + name
            + ", v)",
        "CREATE INDEX k_pid ON k (pid)",
        "CREATE INDEX k_qid ON k (qid)",
        "CREATE TABLE gap (x)",
        "INSERT INTO p VALUES (1, '2026-01-01'), (2, '2026-01-01'), (3, '2026-09-30')");
    return database;
  }

  private Settings settings(TestDatabase database, Action action) {
    return Settings.of(
            database.url(),
            folder.resolve("archive" + database.query("SELECT sql FROM sqlite_schema").hashCode()),
            List.of(
                Policy.of("p", "p")
                    .time("at")
                    .retain(Duration.ofDays(30))
                    .action(action)
                    .dependents(List.of(new Dependent("k", List.of(), Dependent.OnRoot.DETACH)))
                    .build()))
        .withPace(Pace.OFFLINE);
  }

  private static void run(Settings settings) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
      assertThat(
              tideline
                  .run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE)
                  .exit())
          .isEqualTo(ExitCode.DONE);
    }
  }

  private static RestoreReport restore(Settings settings) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
      return tideline.restore(RestoreRequest.everything(), RunListener.NONE);
    }
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void theyComeBackAfterTheSchemaChangedAndTheKeysWereRenumbered(Action action) {
    for (String name : List.of("", "UNIQUE")) {
      try (TestDatabase database = database(name)) {
        database.execute(
            "INSERT INTO k VALUES (3, 3, NULL, 'first')", // its going makes VACUUM renumber
            "INSERT INTO k VALUES (1, 2, 'alpha', 'x'), (1, NULL, NULL, 'y'), (2, 1, NULL, 'z'),"
                + " (1, 3, NULL, x'00'), (NULL, NULL, NULL, 'z'), (2, 3, NULL, 4.5)");
        database.execute("DELETE FROM k WHERE v = 'first'");
        List<String> before = database.query(ROWS);
        Settings settings = settings(database, action);
        run(settings);
        assertThat(database.query("SELECT count(*) FROM k WHERE pid = 1 OR pid = 2"))
            .containsExactly("0");
        database.execute("CREATE TABLE other (x)", "VACUUM");
        if (action == Action.DELETE) {
          database.execute("INSERT INTO p VALUES (1, '2026-01-01'), (2, '2026-01-01')");
        }

        RestoreReport report = restore(settings);

        // Two rows differ by nothing now but that one never referred: whichever it is.
        assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
        assertThat(report.attached()).as("%s", report).isEqualTo(7);
        assertThat(database.query(ROWS)).isEqualTo(before);
        assertThat(restore(settings).attached()).isZero();
        assertThat(database.query(ROWS)).isEqualTo(before);
      }
    }
  }

  @Test
  void equalRowsStandForOneReferenceEach() {
    try (TestDatabase database = database("")) {
      database.execute(
          "INSERT INTO k VALUES (1, NULL, NULL, 'x'), (1, NULL, NULL, 'x'), (2, NULL, NULL, 'x'),"
              + " (1, 2, NULL, 'x'), (2, 1, NULL, 'x'), (NULL, NULL, NULL, 'x')");
      List<String> before = database.query(ROWS);
      Settings settings = settings(database, Action.ARCHIVE);
      run(settings);
      assertThat(database.query("SELECT DISTINCT pid, qid FROM k")).hasSize(1);
      database.execute("CREATE TABLE other (x)");

      RestoreReport report = restore(settings);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(database.query(ROWS)).isEqualTo(before);
    }
  }

  @Test
  void oneThatChangedIsToldAndAnotherRowIsNotTaken() {
    try (TestDatabase database = database("")) {
      database.execute("INSERT INTO k VALUES (1, NULL, 'a', 'x'), (2, NULL, 'b', 'y')");
      Settings settings = settings(database, Action.ARCHIVE);
      run(settings);
      database.execute("CREATE TABLE other (x)", "UPDATE k SET v = 'new' WHERE name = 'b'");

      RestoreReport report = restore(settings);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.attached()).isEqualTo(1);
      assertThat(report.tables().stream().flatMap(each -> each.examples().stream()))
          .singleElement()
          .asString()
          .contains("none that lacks the reference has its other values now");
      assertThat(database.query("SELECT name FROM k WHERE pid IS NULL")).containsExactly("b");
    }
  }

  @Test
  void aTableThatGotAColumnIsLeftAndTheFileIsNamed() {
    try (TestDatabase database = database("")) {
      database.execute("INSERT INTO k VALUES (1, NULL, 'a', 'x'), (2, NULL, 'b', 'y')");
      Settings settings = settings(database, Action.ARCHIVE);
      run(settings);
      database.execute("ALTER TABLE k ADD COLUMN more text");

      RestoreReport report = restore(settings);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.notes())
          .anyMatch(
              note ->
                  note.startsWith("2 references of k(pid) not set again: ")
                      && note.contains("their values stay in "));
    }
  }
}
