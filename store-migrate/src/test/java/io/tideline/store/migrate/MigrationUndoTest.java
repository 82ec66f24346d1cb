package io.tideline.store.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.tideline.store.Database;
import io.tideline.store.Trace;
import io.tideline.store.TraceStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MigrationUndoTest {
  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir Path folder;

  @Test
  void undoneBeforeTheSwitchNothingIsLeft() {
    OldStore old = OldStore.make(folder).filled(100, 9);
    List<String> before = old.everything();
    List<String> schema = old.rows("SELECT name, sql FROM sqlite_schema ORDER BY name");
    assertThatThrownBy(() -> old.migration().steps(OnStep.fail("followed")).run())
        .hasMessage("followed");
    assertThat(old.migration().undo().stage()).isEqualTo(Stage.OLD);
    assertThat(old.everything()).isEqualTo(before);
    schema.add("sqlite_sequence|CREATE TABLE sqlite_sequence(name,seq)");
    assertThat(old.rows("SELECT name, sql FROM sqlite_schema ORDER BY name"))
        .containsExactlyInAnyOrderElementsOf(schema);
  }

  @Test
  void undoneAfterTheSwitchWhatWasWrittenSinceIsThere() {
    OldStore old = OldStore.make(folder).filled(100, 10);
    List<String> schema = old.rows("SELECT name, sql FROM sqlite_schema ORDER BY name");
    old.migration().run();
    try (Database database = Database.sqlite(old.file()).busyTimeout(WAIT).open()) {
      TraceStore store = TraceStore.open(database);
      store.store("since", Trace.of("since-1", "t", "n", "{}", Instant.EPOCH));
      store.store("since", Trace.of("same", "t", "n", "{\"new\":1}", Instant.EPOCH));
      store.deleteSession("session-1");
    }
    List<String> now = old.everything();
    AtomicInteger n = new AtomicInteger();
    MigrationPlan plan =
        old.migration()
            .steps(
                name -> {
                  if (name.equals("compared") && n.incrementAndGet() < 4) {
                    old.execute("DELETE FROM traces WHERE seq % 17 = " + n);
                    old.execute("UPDATE traces SET data = 'late' WHERE seq % 13 = " + n);
                    now.clear();
                    now.addAll(old.everything());
                  }
                })
            .undo();
    assertThat(plan.stage()).isEqualTo(Stage.OLD);
    assertThat(old.everything()).isEqualTo(now);
    assertThat(
            old.rows(
                "SELECT name, replace(sql, '\"', '') FROM sqlite_schema WHERE name <>"
                    + " 'sqlite_sequence' ORDER BY name"))
        .isEqualTo(schema);
    assertThat(old.migration().run().stage()).as("and again").isEqualTo(Stage.SWITCHED);
    assertThat(old.everything()).isEqualTo(now);
  }

  @Test
  void aColumnThatCameAfterTheSwitchIsNotLostByAnUndo() {
    OldStore old = OldStore.make(folder).filled(30, 19);
    old.migration().run();
    old.execute("ALTER TABLE traces ADD COLUMN cost", "UPDATE traces SET cost = 5");
    assertThatThrownBy(() -> old.migration().undo())
        .hasMessageContaining("the column cost of traces came after the switch");
    assertThat(old.migration().plan().stage()).isEqualTo(Stage.SWITCHED);
    assertThat(old.rows("SELECT count(*) FROM traces WHERE cost = 5")).containsExactly("32");
    old.execute("ALTER TABLE traces DROP COLUMN cost");
    assertThat(old.migration().undo().stage()).isEqualTo(Stage.OLD);
  }

  @Test
  void anUndoThatIsOvertakenByTheSwitchSaysSo() {
    OldStore old = OldStore.make(folder).filled(30, 20);
    assertThatThrownBy(() -> old.migration().steps(OnStep.fail("filled")).run())
        .hasMessage("filled");
    AtomicInteger once = new AtomicInteger();
    TraceStoreMigration overtaken =
        old.migration()
            .steps(
                name -> {
                  if (name.equals("giving up") && once.getAndIncrement() == 0) {
                    old.migration().run();
                  }
                });
    assertThatThrownBy(overtaken::undo)
        .hasMessageContaining("another call has brought it to SWITCHED");
    assertThat(old.migration().plan().stage()).isEqualTo(Stage.SWITCHED);
    List<String> now = old.everything();
    assertThat(old.migration().undo().stage()).isEqualTo(Stage.OLD);
    assertThat(old.everything()).isEqualTo(now);
  }

  @Test
  void anUndoThatTheOldTablesRefuseLeavesTheNewOnesInUse() {
    OldStore old =
        OldStore.make(folder, "created_at REAL, updated_at REAL, CHECK (data <> '')", "");
    old.filled(50, 16).migration().run();
    old.execute("UPDATE traces SET data = '' WHERE seq = 3");
    List<String> now = old.everything();
    assertThatThrownBy(() -> old.migration().undo())
        .hasMessageContaining("CHECK constraint failed")
        .hasMessageContaining("no row is lost")
        .asInstanceOf(type(MigrationException.class))
        .extracting(MigrationException::reason)
        .isEqualTo(MigrationException.Reason.FAILED);
    assertThat(old.everything()).isEqualTo(now);
    assertThat(old.migration().plan().stage()).isEqualTo(Stage.RETURNING);
    assertThatThrownBy(() -> old.migration().finish()).hasMessageContaining("it is RETURNING");
    assertThat(old.migration().run().stage()).as("stays").isEqualTo(Stage.SWITCHED);
    old.execute("UPDATE traces SET data = '{}' WHERE seq = 3", "DELETE FROM traces WHERE seq = 4");
    List<String> mended = old.everything();
    assertThat(old.migration().undo().stage()).isEqualTo(Stage.OLD);
    assertThat(old.everything()).isEqualTo(mended);
  }

  @Test
  void finishRemovesTheOldTablesOnlyIfNobodyWroteToThem() {
    OldStore old = OldStore.make(folder).filled(30, 12);
    assertThatThrownBy(() -> old.migration().finish()).hasMessageContaining("has not switched");
    old.migration().run();
    List<String> now = old.everything();
    old.execute("INSERT INTO traces_before VALUES ('x', 't', 'n', '{}', NULL, 1, 1)");
    assertThatThrownBy(() -> old.migration().finish())
        .hasMessageContaining("somebody has written to traces_before");
    old.execute("DELETE FROM traces_before WHERE id = 'x'");
    assertThat(old.migration().finish().stage()).isEqualTo(Stage.NEW);
    assertThat(old.everything()).isEqualTo(now);
    assertThat(old.migration().finish().stage()).as("again").isEqualTo(Stage.NEW);
    assertThat(old.migration().run().stage()).isEqualTo(Stage.NEW);
    assertThat(old.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%before%'")).isEmpty();
  }
}
