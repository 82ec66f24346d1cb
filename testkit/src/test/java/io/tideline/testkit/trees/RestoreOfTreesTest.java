package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.Product;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trees come back with their circles and the references that became NULL. */
@Tag("exhaustive")
class RestoreOfTreesTest {
  private static final List<Step> STEPS =
      List.of(Step.RESTORE_INTENDED, Step.RESTORE_INSERTED, Step.RESTORE_COMMITTED, Step.RESTORED);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Product.class)
  void everythingIsAsItWas(Product product) {
    try (Notes notes = new Notes(product, folder)) {
      Map<String, List<String>> before = notes.rows();
      assertThat(notes.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(notes.note(3)).containsExactly("-");

      RestoreReport report = notes.restore();
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.attached()).isEqualTo(6);
      assertThat(report.notes()).containsExactly("6 references of notes(run_id) are set again");
      assertThat(notes.rows()).isEqualTo(before);
      assertThat(notes.archived()).isZero();

      // What is set again is forgotten: the application may make it NULL.
      notes.database.execute("UPDATE notes SET run_id = NULL WHERE id = 'note-3'");
      RestoreReport again = notes.restore();
      assertThat(again.exit()).isEqualTo(ExitCode.DONE);
      assertThat(again.attached()).isZero();
      assertThat(notes.note(3)).containsExactly("-");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void itMayBeStoppedAtEachStepAsOftenAsThereAreSteps(Product product) {
    for (Step step : STEPS) {
      boolean happened = true;
      for (int nth = 1; happened; nth++) {
        try (Notes notes = new Notes(product, folder.resolve(step.word() + nth))) {
          Map<String, List<String>> before = notes.rows();
          notes.run();
          FailingAt failing = new FailingAt(step, nth);
          try {
            notes.restore(Notes.request(Optional.empty(), Optional.empty()), failing);
          } catch (FailingAt.Failure e) {
            // as it should be
          }
          happened = failing.happened();
          RestoreReport report = notes.restore();
          assertThat(report.exit()).as("%s %s: %s", step, nth, report).isEqualTo(ExitCode.DONE);
          assertThat(notes.rows()).as("%s %s", step, nth).isEqualTo(before);
          assertThat(notes.archived()).as("%s %s", step, nth).isZero();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aKilledRestoreOfATreeIsFinishedByTheNextRun(Product product) {
    try (Notes notes = new Notes(product, folder)) {
      Map<String, List<String>> before = notes.rows();
      notes.run();
      ForkedRun.Result killed =
          ForkedRun.restore(notes.settings())
              .at(notes.now())
              .killedAt(Step.RESTORE_COMMITTED, 2)
              .start();
      assertThat(killed.killed()).as("%s", killed).isTrue();
      notes.run(); // there is no hold: rows that came back may go again
      notes.restore();
      assertThat(notes.rows()).isEqualTo(before);
      assertThat(notes.archived()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void oneTreeComesBackAndNoOther(Product product) {
    try (Notes notes = new Notes(product, folder)) {
      notes.run();
      long archived = notes.archived();
      RestoreReport report = notes.restore("runs/3");
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.restored()).isEqualTo(5);
      assertThat(notes.note(3)).containsExactly("3");
      assertThat(notes.note(2)).containsExactly("-");
      assertThat(notes.database.query("SELECT id FROM runs ORDER BY id"))
          .containsExactly("3", "7", "8", "9");
      assertThat(notes.database.query("SELECT id FROM states WHERE batch = 30 ORDER BY id"))
          .containsExactly("301", "302", "303");
      assertThat(notes.archived()).isEqualTo(archived - 5);
      assertThat(notes.restore("runs/3").restored()).isZero();

      assertThatThrownBy(() -> notes.restore("runs/7"))
          .isInstanceOf(TidelineException.class)
          .hasMessageContaining("Cannot find the tree runs/7 in the archive.");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void whatRefusedRowsLackIsTold(Product product) {
    try (Notes notes = new Notes(product, folder)) {
      Map<String, List<String>> before = notes.rows();
      notes.run();
      RestoreReport refused =
          notes.restore(RestoreRequest.everything().ofTables(List.of("states")), event -> {});
      assertThat(refused.exit()).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(refused.tables().get(0).refused()).isEqualTo(18);
      assertThat(refused.notes())
          .containsExactly(
              "Refused rows of states refer over states(batch) to rows of batches that are not"
                  + " live: 10; 20; 30; …. Restore those first: give --table batches as well, or"
                  + " --tree runs/KEY for the whole tree of that root.");
      refused =
          notes.restore(
              RestoreRequest.everything().ofTables(List.of("states", "batches")), event -> {});
      assertThat(refused.notes())
          .anySatisfy(
              note ->
                  assertThat(note)
                      .startsWith(
                          "Refused rows of batches refer over batches(run_id) to rows of runs that"
                              + " are not live: 1; 2; 3; …. Restore those first: give --table runs"
                              + " as well, or "));
      assertThat(notes.restore().notes()).noneMatch(note -> note.startsWith("Refused"));
      assertThat(notes.rows()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void ofARootThatWasArchivedTwiceTheNewestCopyComesBack(Product product) {
    try (Notes notes = new Notes(product, folder)) {
      notes.run();
      notes.database.execute(
          "INSERT INTO runs VALUES (2, '2026-01-05 00:00:00', NULL)",
          "INSERT INTO batches VALUES (21, 2, NULL)",
          "UPDATE notes SET run_id = 2 WHERE id = 'note-1'");
      assertThat(notes.run().exit()).isEqualTo(ExitCode.DONE);
      RestoreReport report = notes.restore("runs/2");
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(notes.database.query("SELECT id || at FROM runs WHERE id = 2"))
          .containsExactly("22026-01-05 00:00:00");
      assertThat(notes.database.query("SELECT id FROM batches WHERE run_id = 2"))
          .containsExactly("21");
      assertThat(notes.note(1)).containsExactly("2");
      assertThat(notes.note(2)).containsExactly("-");

      RestoreReport rest = notes.restore();
      assertThat(notes.note(1)).as("%s", rest).containsExactly("2");
      assertThat(notes.note(2)).containsExactly("2");
      assertThat(rest.exit()).isEqualTo(ExitCode.ROWS_LEFT); // the older copy of the root
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void whatChangedMeanwhileIsLeftAndTold(Product product) {
    try (Notes notes = new Notes(product, folder)) {
      notes.run();
      notes.database.execute(
          "UPDATE notes SET run_id = 8 WHERE id = 'note-1'",
          "DELETE FROM notes WHERE id = 'note-2'",
          "INSERT INTO runs VALUES (3, '2026-09-30 00:00:00', NULL)",
          "UPDATE notes SET run_id = 3, text = 'new' WHERE id = 'note-3'",
          "INSERT INTO states VALUES (402, 70)");
      RestoreReport report = notes.restore();
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(notes.note(1)).containsExactly("8");
      assertThat(notes.note(2)).isEmpty();
      assertThat(notes.note(3)).containsExactly("3");
      assertThat(notes.note(4)).containsExactly("4");
      assertThat(notes.database.query("SELECT batch FROM states WHERE id = 402"))
          .containsExactly("70");
      assertThat(report.tables())
          .filteredOn(table -> table.table().equals("notes(run_id)"))
          .singleElement()
          .satisfies(
              table ->
                  assertThat(table.examples())
                      .containsExactly("note-1: it refers to another row now"));
      assertThat(report.notes())
          .contains(
              "1 reference of notes(run_id) not set again: the rows that referred are not there"
                  + " (once they are, restore it again)");
    }
  }

  /** A live row has the name of a run's batch: that is refused, and what refers to it too. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void whatALiveRowForbidsStaysInTheArchiveUntilItMay(Product product) {
    try (Notes notes = new Notes(product, folder)) {
      notes.database.execute("CREATE UNIQUE INDEX one_batch ON batches(run_id)");
      Map<String, List<String>> before = notes.rows();
      notes.run();
      notes.database.execute(
          "INSERT INTO runs VALUES (3, '2026-01-03 00:00:00', NULL)",
          "INSERT INTO batches VALUES (31, 3, NULL)");
      RestoreReport report = notes.restore("runs/3");
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(report.restored()).isEqualTo(1);
      assertThat(notes.note(3)).containsExactly("3");
      notes.database.execute("DELETE FROM batches WHERE id = 31");
      assertThat(notes.restore("runs/3").exit()).isEqualTo(ExitCode.DONE);
      assertThat(notes.restore().exit()).isEqualTo(ExitCode.DONE);
      assertThat(notes.rows()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void anotherDatabaseGetsTheTreeAndTheReferencesOfRowsThatItHas(Product product) {
    try (Notes notes = new Notes(product, folder);
        TestDatabase other = notes.sibling()) {
      other.execute("INSERT INTO notes VALUES ('note-3', NULL, 'about 3')");
      notes.run();
      long archived = notes.archived();
      Optional<DatabaseUrl> into = Optional.of(new DatabaseUrl(other.url()));
      RestoreReport report =
          notes.restore(Notes.request(Optional.of("runs/3"), into), RunListener.NONE);
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(other.count("states")).isEqualTo(3);
      assertThat(other.query("SELECT run_id FROM notes")).containsExactly("3");
      RestoreReport all = notes.restore(Notes.request(Optional.empty(), into), RunListener.NONE);
      assertThat(all.exit()).as("%s", all).isEqualTo(ExitCode.DONE);
      assertThat(other.count("states")).isEqualTo(18);
      assertThat(notes.archived()).isEqualTo(archived);
      assertThat(notes.note(3)).containsExactly("-");
    }
  }

  /** Longer than a batch, and no foreign key of PostgreSQL waits here. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void aRingOfManyRowsComesBackAtOnceAndAChainInOrder(Product product) {
    try (Notes notes = new Notes(product, folder)) {
      List<String> sql = new ArrayList<>();
      for (int run = 1000; run < 4000; run++) {
        String retried = run == 1000 ? "NULL" : Integer.toString(run - 1);
        sql.add("INSERT INTO runs VALUES (%s, '2026-01-01 00:00:00', %s)".formatted(run, retried));
      }
      sql.add("UPDATE runs SET retry_of = 3500 WHERE id = 1000");
      notes.database.executeTogether(sql);
      Map<String, List<String>> before = notes.rows();
      assertThat(notes.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(notes.database.count("runs")).isEqualTo(3);
      RestoreReport report = notes.restore();
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(notes.rows()).isEqualTo(before);
    }
  }
}
