package io.tideline.store.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MigrationObstaclesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "UPDATE traces SET created_at = '2026-01-01' WHERE rowid < 4 # 3 traces have a created_at",
        "UPDATE traces SET updated_at = 9e999 WHERE rowid = 4 # 1 traces have a updated_at",
        "UPDATE traces SET namespace = NULL WHERE rowid < 3 # 2 traces have no text in namespace",
        "UPDATE traces SET data = x'00' WHERE rowid < 3 # 2 traces have no text in data",
        "UPDATE traces SET metadata = x'00' WHERE rowid < 3 # 2 traces have metadata",
        "INSERT INTO traces SELECT NULL, 't', 'n', 'd', NULL, 1, 1 # 1 traces have no text in id",
        "INSERT INTO trace_sessions VALUES ('nobody', 's') # 1 mappings belong to no trace",
        "ALTER TABLE traces ADD COLUMN more # has columns that the new layout has not: [more]",
        "CREATE VIEW v AS SELECT * FROM Traces # the view v names these tables",
        "CREATE TABLE k (t REFERENCES traces (id)) # a foreign key of k refers to traces",
        "CREATE TABLE session_traces (a) # the name session_traces is taken",
        "UPDATE trace_sessions SET session_uid = x'00' WHERE rowid = 3 # 1 mappings have no text",
        "UPDATE traces SET id = '' WHERE rowid = 13 # 1 traces have an empty id",
        "CREATE UNIQUE INDEX u ON traces (data) # traces has unique indexes",
        "CREATE TABLE tideline_trace_x (a) # the name tideline_trace_x is taken"
      })
  void refusesWhatItCannotCarry(String change, String why) {
    OldStore old = OldStore.make(folder).filled(20, 6);
    old.executeWith(false, change);
    List<String> schema = old.rows("SELECT name, sql FROM sqlite_schema ORDER BY name");
    assertThat(old.migration().plan().obstacles()).hasSize(1).first().asString().contains(why);
    OldStore.refuses(old.migration(), MigrationException.Reason.REFUSED, why);
    assertThat(old.rows("SELECT name, sql FROM sqlite_schema ORDER BY name")).isEqualTo(schema);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id TEXT PRIMARY KEY COLLATE NOCASE, %s # the primary key of traces is not [id]",
        "id TEXT PRIMARY KEY, %s) WITHOUT ROWID -- # traces is WITHOUT ROWID",
        "id TEXT, %s # the primary key of traces is not [id]",
        "id PRIMARY KEY, %s # the column id of traces is not declared as text",
        "id TEXT PRIMARY KEY, %s, FOREIGN KEY (namespace) REFERENCES n (a) # refers to n,"
      })
  void otherKeysAreRefused(String told) {
    OldStore old = new OldStore(folder.resolve("other.db"));
    String columns =
        "context_type TEXT, namespace TEXT, data TEXT, metadata TEXT, created_at REAL,"
            + " updated_at REAL";
    old.execute(
        "CREATE TABLE traces ("
            + told.split(" # ")[0].formatted(columns)
            + "\n)".repeat(told.contains("--") ? 0 : 1),
        "CREATE TABLE trace_sessions (trace_id TEXT, session_uid TEXT,"
            + " PRIMARY KEY (trace_id, session_uid)) WITHOUT ROWID");
    OldStore.refuses(old.migration(), MigrationException.Reason.REFUSED, told.split(" # ")[1]);
  }

  @Test
  void whatTheNewTablesWouldAnswerDifferentlyIsRefused() {
    OldStore old = new OldStore(folder.resolve("other.db"));
    old.execute(
        "CREATE TABLE sessions (uid TEXT PRIMARY KEY)",
        "CREATE TABLE traces (id TEXT PRIMARY KEY, context_type TEXT COLLATE NOCASE, namespace"
            + " TEXT, data TEXT, metadata TEXT, created_at REAL, updated_at REAL)",
        "CREATE TABLE trace_sessions (trace_id TEXT, session_uid TEXT REFERENCES sessions (uid) ON"
            + " DELETE CASCADE, PRIMARY KEY (trace_id, session_uid))");
    assertThat(old.migration().plan().obstacles())
        .satisfiesExactlyInAnyOrder(
            found -> assertThat(found).contains("traces has a column with a COLLATE"),
            found -> assertThat(found).contains("a foreign key of trace_sessions refers to sess"));
  }

  /** SQLite reads the whole schema anew when a table is renamed. */
  @Test
  void whatWouldKeepItFromSwitchingIsToldBeforeAnythingIsChanged() {
    OldStore old = OldStore.make(folder).filled(30, 17);
    old.execute("CREATE VIEW broken AS SELECT a FROM gone");
    List<String> schema = old.rows("SELECT name, sql FROM sqlite_schema ORDER BY name");
    OldStore.refuses(old.migration(), MigrationException.Reason.FAILED, "error in view broken");
    assertThat(old.rows("SELECT name, sql FROM sqlite_schema ORDER BY name")).isEqualTo(schema);
  }

  /** Who is told may take long, or write: nobody waits for it. */
  @Test
  void noLockIsHeldWhileProgressIsTold() {
    OldStore old = OldStore.make(folder).filled(100, 18);
    List<Progress> told = new ArrayList<>();
    old.migration()
        .onProgress(
            progress -> {
              told.add(progress);
              old.execute("UPDATE traces SET data = 'told' WHERE rowid = " + told.size());
            })
        .run();
    assertThat(told.stream().filter(each -> each.stage() == Stage.FILLING))
        .extracting(Progress::done)
        .containsExactly(40L, 80L, 102L);
    assertThat(old.everything()).isEqualTo(old.frozen());
  }

  @Test
  void otherDatabasesAreRefused() throws Exception {
    assertThatThrownBy(() -> TraceStoreMigration.of("jdbc:postgresql://localhost/traces"))
        .hasMessageContaining("Stores of PostgreSQL are not migrated");
    Path none = folder.resolve("none.db");
    OldStore.refuses(
        TraceStoreMigration.of(none), MigrationException.Reason.CANNOT_OPEN, "no such file");
    assertThat(none).doesNotExist();
    Path text = Files.writeString(folder.resolve("a.txt"), "no database, ".repeat(100));
    OldStore.refuses(
        TraceStoreMigration.of(text), MigrationException.Reason.CANNOT_OPEN, "not a database");
    OldStore empty = new OldStore(folder.resolve("empty.db"));
    empty.execute("CREATE TABLE a (b)");
    OldStore.refuses(empty.migration(), MigrationException.Reason.REFUSED, "holds no trace store");
  }

  @Test
  void aRowThatCannotBeCarriedStopsTheSwitchAndNothingElse() {
    OldStore old = OldStore.make(folder).filled(60, 7);
    TraceStoreMigration migration =
        old.migration()
            .steps(
                name -> {
                  if (name.equals("begun")) {
                    old.execute("UPDATE traces SET namespace = NULL WHERE rowid IN (3, 59)");
                  }
                });
    OldStore.refuses(
        migration, MigrationException.Reason.REFUSED, "2 traces have no text in namespace");
    assertThat(old.migration().plan().stage()).isEqualTo(Stage.FOLLOWING);
    old.execute("UPDATE traces SET namespace = 'mended' WHERE namespace IS NULL");
    assertThat(old.migration().run().stage()).isEqualTo(Stage.SWITCHED);
    assertThat(old.everything()).isEqualTo(old.frozen());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE traces ADD COLUMN more",
        "DROP TRIGGER tideline_trace_migration_tu",
        "CREATE INDEX mine ON tideline_traces (data)"
      })
  void aChangedSchemaIsRefusedAndCanBeUndone(String change) {
    OldStore old = OldStore.make(folder).filled(60, 8);
    List<String> before = old.everything();
    AtomicInteger once = new AtomicInteger();
    TraceStoreMigration migration =
        old.migration()
            .steps(
                name -> {
                  if (name.equals("filled") && once.getAndIncrement() == 0) {
                    old.execute(change);
                  }
                });
    OldStore.refuses(migration, MigrationException.Reason.CHANGED, "is another than it was");
    old.migration().undo();
    assertThat(old.everything()).isEqualTo(before);
    assertThat(old.rows("SELECT name FROM sqlite_schema WHERE name LIKE 'tideline%'")).isEmpty();
  }

  @Test
  void aViewMadeMeanwhileStopsTheSwitch() {
    OldStore old = OldStore.make(folder).filled(60, 8);
    TraceStoreMigration migration =
        old.migration()
            .steps(
                name -> {
                  if (name.equals("begun")) {
                    old.execute("CREATE VIEW v AS SELECT id FROM traces");
                  }
                });
    OldStore.refuses(migration, MigrationException.Reason.REFUSED, "the view v names these tables");
    old.execute("DROP VIEW v");
    assertThat(old.migration().run().stage()).isEqualTo(Stage.SWITCHED);
  }

  @Test
  void aLockHeldByOthersIsWaitedForAndThenTold() throws Exception {
    OldStore old = OldStore.make(folder).filled(30, 13);
    try (Connection other = old.connect(true);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      OldStore.refuses(
          old.migration().patience(Duration.ZERO), MigrationException.Reason.BUSY, "held its lock");
      statement.execute("COMMIT");
    }
    assertThat(old.migration().run().stage()).isEqualTo(Stage.SWITCHED);
  }

  @Test
  void anInterruptEndsItAndItGoesOn() {
    OldStore old = OldStore.make(folder).filled(100, 15);
    TraceStoreMigration migration =
        old.migration()
            .steps(
                name -> {
                  if (name.equals("filled")) {
                    Thread.currentThread().interrupt();
                  }
                });
    OldStore.refuses(migration, MigrationException.Reason.INTERRUPTED, "Call it again to go on");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(old.migration().run().stage()).isEqualTo(Stage.SWITCHED);
  }
}
