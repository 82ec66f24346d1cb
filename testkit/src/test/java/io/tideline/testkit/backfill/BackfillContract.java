package io.tideline.testkit.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Severity;
import io.tideline.maintenance.backfill.BackfillReport;
import io.tideline.maintenance.backfill.BackfillReport.Did;
import io.tideline.maintenance.inspect.Inspector;
import io.tideline.maintenance.inspect.Request;
import io.tideline.run.WorkListener;
import io.tideline.testkit.TestDatabase;
import io.tideline.tuning.Backfill;
import io.tideline.tuning.Backfill.Fill;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a backfill must do on every database. */
abstract class BackfillContract {
  private static final Backfill WINDOW =
      Fills.set("usage", "kind", "'primary'", Optional.empty(), Fill.SWEEP);
  private static final String ROWS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) ";

  @TempDir Path folder;
  TestDatabase database;
  Fills fills;

  abstract TestDatabase open();

  /** What is left of ours in the database. */
  abstract List<String> ours();

  @BeforeEach
  void make() {
    database = open();
    fills = new Fills(database, folder);
    database.execute(
        "CREATE TABLE traces (id varchar(20) PRIMARY KEY NOT NULL, created_at double precision)",
        "CREATE TABLE places (trace_id varchar(20) NOT NULL, session_uid varchar(20) NOT NULL,"
            + " PRIMARY KEY (trace_id, session_uid))",
        "CREATE TABLE usage (id INTEGER PRIMARY KEY, kind varchar(20), n INTEGER)",
        ROWS.formatted("60") + "INSERT INTO traces SELECT 't' || i, i * 1.5 FROM n",
        ROWS.formatted("60") + "INSERT INTO places SELECT 't' || i, 's' || (i % 7) FROM n",
        ROWS.formatted("60")
            + "INSERT INTO usage SELECT i, CASE WHEN i % 3 = 0 THEN 'secondary' END, i FROM n");
  }

  @AfterEach
  void close() {
    database.close();
  }

  static WorkListener onceAt(String step, Runnable work) {
    return new WorkListener() {
      private boolean done;

      @Override
      public void at(String what, long rows, long total) {}

      @Override
      public void stepped(String now) {
        if (!done && now.equals(step)) {
          done = true;
          work.run();
        }
      }
    };
  }

  static void isRefused(ThrowingCallable work, ErrorCode code, String... words) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            TidelineException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.what() + " " + e.state() + " " + e.mend()).contains(words);
            });
  }

  List<String> kinds() {
    return database.query("SELECT id || ':' || coalesce(kind, '-') FROM usage ORDER BY id");
  }

  @ParameterizedTest
  @EnumSource(Fill.class)
  void aColumnIsAddedAndFilledBesideOldStyleInserts(Fill fill) {
    Backfill backfill = Fills.copy(fill, false);
    WorkListener traffic =
        onceAt(
            "backfill-committed",
            () ->
                database.execute(
                    "INSERT INTO traces VALUES ('new', 7.25)",
                    "INSERT INTO places (trace_id, session_uid) VALUES ('new', 's'), ('t1', 's0')"));
    BackfillReport report = fills.fill(backfill, traffic);
    assertThat(report.did()).isEqualTo(Did.FILLED);
    assertThat(report.left()).isZero();
    assertThat(report.compared()).isGreaterThan(10);
    assertThat(report.different()).isZero();
    assertThat(
            database.query(
                "SELECT count(*) FROM places p JOIN traces t ON t.id = p.trace_id"
                    + " WHERE p.created_at = t.created_at"))
        .containsExactly("62");
    assertThat(fills.finish(backfill).did()).isEqualTo(Did.FINISHED);
    assertThat(ours()).isEmpty();
    database.execute("INSERT INTO places (trace_id, session_uid) VALUES ('t2', 'late')");
    assertThat(database.query("SELECT count(*) FROM places WHERE created_at IS NULL"))
        .containsExactly("1");
  }

  @Test
  void aTriggerFillsUntilItIsFinishedAndLeavesWhatTheApplicationWrites() {
    Backfill backfill = Fills.copy(Fill.TRIGGER, false);
    fills.fill(backfill);
    database.execute(
        "INSERT INTO places (trace_id, session_uid) VALUES ('t5', 'old')",
        "INSERT INTO places (trace_id, session_uid, created_at) VALUES ('t6', 'new', 99)",
        "INSERT INTO places (trace_id, session_uid) VALUES ('none', 'x')");
    assertThat(
            database.query(
                "SELECT session_uid || ' ' || coalesce(cast(created_at as integer), -1)"
                    + " FROM places WHERE session_uid IN ('old', 'new', 'x') ORDER BY 1"))
        .containsExactly("new 99", "old " + (isSqlite() ? "7" : "8"), "x -1");
    database.execute("INSERT INTO traces VALUES ('none', 3)");
    BackfillReport finished = fills.finish(backfill);
    assertThat(finished.changed()).isEqualTo(61);
    assertThat(finished.different()).isEqualTo(1);
    assertThat(String.join(" ", finished.notes())).contains("the source was changed since");
    assertThat(database.query("SELECT created_at FROM places WHERE trace_id = 'none'"))
        .allSatisfy(value -> assertThat(Double.parseDouble(value)).isEqualTo(3));
  }

  abstract boolean isSqlite();

  @Test
  void valuesAreFixedAndPutBack() {
    List<String> before = kinds();
    assertThat(fills.fill(WINDOW).changed()).isEqualTo(40);
    assertThat(database.query("SELECT count(*) FROM usage WHERE kind = 'primary'"))
        .containsExactly("40");
    BackfillReport undone = fills.undo(WINDOW, false);
    assertThat(undone.changed()).isEqualTo(40);
    assertThat(undone.left()).isZero();
    assertThat(kinds()).isEqualTo(before);
    assertThat(ours()).isEmpty();
  }

  @Test
  void whatTheConfigurationForgotIsUndoneByWhatTheDatabaseSays() {
    List<String> before = kinds();
    fills.fill(WINDOW);
    fills.fill(Fills.copy(Fill.TRIGGER, false));
    assertThat(fills.undoForgotten("fix").changed()).isEqualTo(40);
    assertThat(fills.undoForgotten("junction-time").did()).isEqualTo(Did.UNDONE);
    assertThat(kinds()).isEqualTo(before);
    assertThat(ours()).isEmpty();
    isRefused(
        () -> fills.undoForgotten("fix"), ErrorCode.ARGUMENT_INVALID, "Cannot find a backfill");
  }

  @Test
  void anInspectionTellsOfWhatIsOpenAndOfNothingElse() {
    assertThat(openOnes()).isEmpty();
    fills.stopped(WINDOW, "backfill-committed");
    assertThat(openOnes())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.severity()).isEqualTo(Severity.WARNING);
              assertThat(each.place()).isEqualTo("usage");
              assertThat(each.remedies().get(0).text()).isEqualTo("tideline backfill fix");
            });
    fills.fill(WINDOW);
    assertThat(openOnes().get(0).remedies().get(0).text())
        .isEqualTo("tideline backfill --finish fix");
    fills.finish(WINDOW);
    assertThat(openOnes()).isEmpty();
  }

  private List<Finding> openOnes() {
    try (Database opened = Databases.open(new DatabaseUrl(database.url()))) {
      return Inspector.inspect(opened, Request.USUAL, Clock.systemUTC()).findings().stream()
          .filter(each -> each.check() == Check.BACKFILL_OPEN)
          .toList();
    }
  }

  @Test
  void aNoteThatSomebodySpoiltIsToldAndNothingIsDone() {
    fills.stopped(WINDOW, "backfill-committed");
    List<String> now = kinds();
    database.execute("UPDATE tideline_backfills SET phase = 'nonsense'");
    isRefused(() -> fills.fill(WINDOW), ErrorCode.BACKFILL_CHANGED, "somebody changed it");
    assertThat(kinds()).isEqualTo(now);
    assertThat(openOnes()).isEmpty();
    database.execute("UPDATE tideline_backfills SET phase = 'filling'");
    assertThat(fills.fill(WINDOW).changed()).isEqualTo(40);
  }

  @Test
  void undoLeavesWhatWasChangedSince() {
    fills.fill(WINDOW);
    database.execute(
        "UPDATE usage SET kind = 'mine' WHERE id = 1",
        "DELETE FROM usage WHERE id = 2",
        "INSERT INTO usage VALUES (70, 'primary', 0)");
    BackfillReport undone = fills.undo(WINDOW, false);
    assertThat(undone.changed()).isEqualTo(38);
    assertThat(undone.left()).isEqualTo(2);
    assertThat(String.join(" ", undone.notes())).contains("2 rows hold something else by now");
    assertThat(kinds()).contains("1:mine", "70:primary", "4:-").doesNotContain("2:-");
  }

  @Test
  void theFirstOldValueStaysWhenARowIsFilledTwice() {
    Backfill fix =
        Fills.set("usage", "kind", "'b'", Optional.of("kind = 'a' OR kind = 'c'"), Fill.SWEEP);
    database.execute("UPDATE usage SET kind = 'a' WHERE id = 1");
    fills.fill(fix);
    database.execute("UPDATE usage SET kind = 'c' WHERE id = 1");
    fills.fill(fix);
    assertThat(kinds()).contains("1:b");
    fills.undo(fix, false);
    assertThat(kinds()).contains("1:a");
  }

  @Test
  void aValueThatAlreadyIsThereIsNotLogged() {
    Backfill fix = Fills.set("usage", "kind", "'secondary'", Optional.empty(), Fill.SWEEP);
    fills.fill(fix);
    BackfillReport undone = fills.undo(fix, false);
    assertThat(undone.rows()).isEqualTo(40);
    assertThat(database.query("SELECT count(*) FROM usage WHERE kind = 'secondary'"))
        .containsExactly("20");
  }

  @Test
  void aConditionThatNeverEndsIsRefusedBeforeAnythingChanges() {
    Backfill twice = Fills.set("usage", "n", "n * 2", Optional.of("n > 0"), Fill.SWEEP);
    List<String> before = database.query("SELECT n FROM usage ORDER BY id");
    isRefused(() -> fills.fill(twice), ErrorCode.BACKFILL_REFUSED, "still meet its condition");
    assertThat(database.query("SELECT n FROM usage ORDER BY id")).isEqualTo(before);
    fills.undo(twice, false);
    assertThat(ours()).isEmpty();
  }

  @Test
  void aRowThatTheDatabaseRefusesIsLeftAndTold() {
    database.execute(
        "CREATE TABLE strict_ones (id INTEGER PRIMARY KEY, v varchar(9), n INTEGER,"
            + " CHECK (n <> 13 OR v IS NULL))",
        ROWS.formatted("40") + "INSERT INTO strict_ones SELECT i, NULL, i FROM n");
    Backfill fix = Fills.set("strict_ones", "v", "'x'", Optional.empty(), Fill.SWEEP);
    BackfillReport report = fills.fill(fix);
    assertThat(report.refused()).isEqualTo(1);
    assertThat(report.left()).isEqualTo(1);
    assertThat(String.join(" ", report.notes())).contains("refused rows");
    assertThat(database.query("SELECT id FROM strict_ones WHERE v IS NULL")).containsExactly("13");
    isRefused(() -> fills.finish(fix), ErrorCode.BACKFILL_LEFT, "1 rows lack their value");
    database.execute("UPDATE strict_ones SET n = 14 WHERE id = 13");
    assertThat(fills.finish(fix).did()).isEqualTo(Did.FINISHED);
  }

  @Test
  void aTriggerOfItsOwnIsRefusedWhereItCouldFailTheApplication() {
    database.execute(
        "CREATE TABLE checked (id INTEGER PRIMARY KEY, v varchar(9), CHECK (v <> 'bad'))",
        "CREATE TABLE sole (id INTEGER PRIMARY KEY, v varchar(9) UNIQUE)");
    isRefused(
        () -> fills.fill(Fills.set("checked", "v", "'x'", Optional.empty(), Fill.TRIGGER)),
        ErrorCode.BACKFILL_REFUSED,
        "may refuse what a trigger writes",
        "fill: sweep");
    isRefused(
        () -> fills.fill(Fills.set("sole", "v", "'x'", Optional.empty(), Fill.TRIGGER)),
        ErrorCode.BACKFILL_REFUSED,
        "may refuse what a trigger writes");
    assertThat(ours()).isEmpty();
  }

  @Test
  void itGoesOnAfterAStopAndRefusesAnotherConfigurationOrTable() {
    BackfillReport stopped = fills.stopped(WINDOW, "backfill-committed");
    assertThat(stopped.did()).isEqualTo(Did.STOPPED);
    assertThat(stopped.changed()).isBetween(1L, 39L);
    Backfill other = Fills.set("usage", "kind", "'other'", Optional.empty(), Fill.SWEEP);
    isRefused(
        () -> fills.fill(other), ErrorCode.BACKFILL_CHANGED, "the configuration says something");
    isRefused(() -> fills.undo(other, false), ErrorCode.BACKFILL_CHANGED, "the configuration");
    touch();
    isRefused(() -> fills.fill(WINDOW), ErrorCode.BACKFILL_CHANGED, "its triggers are not as");
    untouch();
    assertThat(fills.fill(WINDOW).changed()).isEqualTo(40);
    assertThat(fills.fill(WINDOW).changed()).isEqualTo(40);
    assertThat(fills.finish(WINDOW).did()).isEqualTo(Did.FINISHED);
    assertThat(fills.fill(WINDOW).did()).isEqualTo(Did.NOTHING);
    isRefused(() -> fills.undo(WINDOW, false), ErrorCode.BACKFILL_REFUSED, "has not begun");
  }

  /** Gives the table usage a trigger of the user's. */
  abstract void touch();

  abstract void untouch();

  @Test
  void anotherColumnOfTheTableIsNoHindrance() {
    fills.fill(
        WINDOW,
        onceAt(
            "backfill-committed", () -> database.execute("ALTER TABLE usage ADD COLUMN more int")));
    assertThat(database.query("SELECT count(*) FROM usage WHERE kind IS NULL"))
        .containsExactly("0");
  }

  @Test
  void theColumnThatWasAddedGoesOnlyWithWhatIsOurs() {
    Backfill backfill = Fills.copy(Fill.TRIGGER, false);
    fills.fill(backfill);
    database.execute("UPDATE places SET created_at = -1 WHERE trace_id = 't9'");
    isRefused(
        () -> fills.undo(backfill, false),
        ErrorCode.BACKFILL_LEFT,
        "1 rows hold a value in created_at that is not what the backfill writes",
        "--discard");
    assertThat(database.query("SELECT created_at FROM places WHERE trace_id = 't9'"))
        .allSatisfy(value -> assertThat(Double.parseDouble(value)).isEqualTo(-1));
    database.execute("CREATE INDEX mine ON places (session_uid, created_at)");
    isRefused(() -> fills.undo(backfill, true), ErrorCode.BACKFILL_LEFT, "mine");
    assertThat(indexes()).contains("mine");
    database.execute("DROP INDEX mine");
    assertThat(fills.undo(backfill, true).did()).isEqualTo(Did.UNDONE);
    assertThat(ours()).isEmpty();
    assertThatThrownBy(() -> database.query("SELECT created_at FROM places"))
        .hasMessageContaining("created_at");
  }

  @Test
  void aColumnThatSomebodyDroppedLeavesNothingBehind() {
    Backfill backfill = Fills.copy(Fill.SWEEP, false);
    fills.fill(backfill);
    database.execute("ALTER TABLE places DROP COLUMN created_at");
    isRefused(
        () -> fills.fill(backfill), ErrorCode.BACKFILL_CHANGED, "somebody has dropped the column");
    assertThat(fills.undo(backfill, false).did()).isEqualTo(Did.UNDONE);
    assertThat(ours()).isEmpty();
  }

  abstract List<String> indexes();

  @Test
  void namesThatAreTakenAreLeftAlone() {
    database.execute("CREATE TABLE tideline_fill_fix (precious INTEGER)");
    isRefused(() -> fills.fill(WINDOW), ErrorCode.BACKFILL_REFUSED, "tideline_fill_fix", "already");
    assertThat(database.query("SELECT count(*) FROM tideline_fill_fix")).containsExactly("0");
    assertThat(database.query("SELECT count(*) FROM usage WHERE kind IS NULL"))
        .containsExactly("40");
    database.execute("DROP TABLE tideline_fill_fix");
    isRefused(
        () -> fills.fill(Fills.copy(Fill.SWEEP, false), onceAt("backfill-committed", this::occupy)),
        ErrorCode.BACKFILL_CHANGED,
        "tideline_backfills");
  }

  private void occupy() {
    database.execute("UPDATE tideline_backfills SET batch = 77");
  }

  @Test
  void whatNoDatabaseCouldDoSafelyIsRefused() {
    isRefused(
        () -> fills.plan(Fills.set("usage", "id", "1", Optional.empty(), Fill.SWEEP)),
        ErrorCode.BACKFILL_REFUSED,
        "part of a key");
    database.execute("CREATE VIEW seen AS SELECT * FROM usage");
    isRefused(
        () -> fills.plan(Fills.set("seen", "kind", "1", Optional.empty(), Fill.SWEEP)),
        ErrorCode.BACKFILL_REFUSED,
        "it is a view");
    database.execute("ALTER TABLE places ADD COLUMN created_at double precision");
    isRefused(
        () -> fills.plan(Fills.copy(Fill.SWEEP, false)),
        ErrorCode.BACKFILL_REFUSED,
        "is there already");
    isRefused(
        () ->
            fills.plan(Fills.set("usage", "kind", "missing_fn(id)", Optional.empty(), Fill.SWEEP)),
        ErrorCode.SQL_FAILED,
        "missing_fn");
    assertThat(ours()).isEmpty();
  }

  @Test
  void whatATriggerOfTheUsersMakesOfAValueIsWhatIsLogged() {
    shout();
    fills.fill(WINDOW);
    assertThat(database.query("SELECT DISTINCT kind FROM usage ORDER BY 1")).contains("PRIMARY");
    BackfillReport undone = fills.undo(WINDOW, false);
    assertThat(undone.left() + undone.changed()).isEqualTo(40);
  }

  /** Gives usage a trigger that writes kinds in capitals, unless they are NULL. */
  abstract void shout();
}
