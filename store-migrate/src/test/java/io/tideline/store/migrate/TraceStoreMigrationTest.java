package io.tideline.store.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.tideline.store.Database;
import io.tideline.store.SessionSummary;
import io.tideline.store.Trace;
import io.tideline.store.TraceStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceStoreMigrationTest {
  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir Path folder;

  private static List<String> ids(List<Trace> traces) {
    return traces.stream().map(Trace::id).toList();
  }

  private void refuses(TraceStoreMigration migration, MigrationException.Reason why, String text) {
    assertThatThrownBy(migration::run)
        .hasMessageContaining(text)
        .asInstanceOf(type(MigrationException.class))
        .extracting(MigrationException::reason)
        .isEqualTo(why);
  }

  @ParameterizedTest
  @CsvSource({"1, ''", "2, ', created_at REAL'"})
  void answersAsBefore(long seed, String mappingColumn) {
    OldStore old =
        OldStore.make(folder, "created_at REAL NOT NULL, updated_at REAL NOT NULL", mappingColumn)
            .filled(300, seed);
    List<String> everything = old.everything();
    List<List<String>> sessions = new ArrayList<>();
    for (int s = 0; s < OldStore.SESSIONS; s++) {
      sessions.add(old.rows(window("session-" + s)));
    }
    List<String> kinds = old.rows(kind());
    List<String> summaries = old.rows(summaries());

    MigrationPlan plan = old.migration().run();

    assertThat(plan.stage()).isEqualTo(Stage.SWITCHED);
    assertThat(plan.traces()).isEqualTo(302);
    assertThat(old.everything()).isEqualTo(everything);
    assertThat(old.rows("PRAGMA foreign_key_check")).isEmpty();
    assertThat(old.rows("PRAGMA integrity_check")).containsExactly("ok");
    try (Database database = Database.sqlite(old.file()).busyTimeout(WAIT).open()) {
      TraceStore store = TraceStore.open(database);
      for (int s = 0; s < OldStore.SESSIONS; s++) {
        String session = "session-" + s;
        assertThat(ids(store.bySession(session, Instant.ofEpochSecond(1_700_000_020), 50)))
            .as("seed %s, %s", seed, session)
            .isEqualTo(sessions.get(s));
        assertThat(old.rows(window(session))).as("old readers").isEqualTo(sessions.get(s));
      }
      assertThat(ids(store.query("type-1", "räume-2", null, 50))).isEqualTo(kinds);
      assertThat(store.sessions(null, 100).stream().map(SessionSummary::session).toList())
          .isEqualTo(summaries);
      Trace one = store.get("same").orElseThrow();
      assertThat(one.createdAt()).isEqualTo(Instant.parse("2023-11-14T22:13:20.250Z"));
      store.store("session-new", Trace.of("new", "type-1", "räume-2", "{}", one.createdAt()));
      assertThat(store.bySession("session-new", null, 9)).hasSize(1);
    }
    assertThat(
            old.rows(
                "SELECT seq > (SELECT max(rowid) FROM traces_before) FROM traces"
                    + " WHERE id = 'new'"))
        .containsExactly("1");
  }

  private static String window(String session) {
    return "SELECT t.id FROM trace_sessions s JOIN traces t ON t.id = s.trace_id WHERE"
        + " s.session_uid = '"
        + session
        + "' AND t.created_at >= 1700000020 ORDER BY t.created_at DESC, t.rowid DESC LIMIT 50";
  }

  private static String kind() {
    return "SELECT id FROM traces WHERE context_type = 'type-1' AND namespace = 'räume-2'"
        + " ORDER BY created_at DESC, rowid DESC LIMIT 50";
  }

  private static String summaries() {
    return "SELECT s.session_uid FROM trace_sessions s JOIN traces t ON t.id = s.trace_id"
        + " GROUP BY s.session_uid ORDER BY max(t.created_at) DESC, s.session_uid";
  }

  @Test
  void makesWhatTheStoreItselfMakes() {
    OldStore old = OldStore.make(folder).filled(10, 1);
    old.execute("DROP INDEX traces_created");
    old.migration().run();
    old.migration().finish();
    Path fresh = folder.resolve("fresh.db");
    try (Database database = Database.sqlite(fresh).open()) {
      TraceStore.open(database);
    }
    String schema =
        "SELECT type, name, tbl_name, replace(replace(sql, '\"', ''), 'IF NOT EXISTS ', '')"
            + " FROM sqlite_schema WHERE name NOT LIKE '%trace_sessions%' ORDER BY type, name";
    assertThat(normal(old.rows(schema))).isEqualTo(normal(new OldStore(fresh).rows(schema)));
  }

  private static List<String> normal(List<String> lines) {
    return lines.stream().map(line -> line.replaceAll("\\s+", " ")).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void followsWhatIsChangedMeanwhile(boolean foreignKeys) {
    OldStore old = OldStore.make(folder).filled(200, 3);
    AtomicInteger moment = new AtomicInteger();
    TraceStoreMigration migration =
        old.migration()
            .steps(
                name -> {
                  if (List.of("begun", "filled", "compared", "comparing").contains(name)) {
                    change(old, foreignKeys, moment.incrementAndGet());
                  }
                });
    MigrationPlan plan = migration.run();
    assertThat(plan.stage()).isEqualTo(Stage.SWITCHED);
    assertThat(moment.get()).isGreaterThan(10);
    assertThat(old.everything()).isEqualTo(frozen(old));
    assertThat(old.rows("SELECT count(*) FROM traces WHERE id LIKE 'meanwhile-%'"))
        .isNotEqualTo(List.of("0"));
  }

  /** Each a change that a naive copy would miss, in its own transaction. */
  private static void change(OldStore old, boolean foreignKeys, int n) {
    if (n > 60) {
      return;
    }
    String row = "'type-1', 'main', '{}', NULL, 1700000001, 1700000002)";
    old.executeWith(
        foreignKeys,
        "INSERT INTO traces VALUES ('meanwhile-" + n + "', " + row,
        "INSERT INTO trace_sessions (trace_id, session_uid) VALUES ('meanwhile-" + n + "', 's')",
        "REPLACE INTO traces SELECT id, 'replaced', namespace, data, metadata, created_at + 1,"
            + " updated_at FROM traces WHERE rowid % 41 = "
            + n,
        "DELETE FROM trace_sessions WHERE trace_id IN (SELECT id FROM traces WHERE rowid % 37 = "
            + n
            + ")",
        "DELETE FROM traces WHERE rowid % 37 = " + n,
        "UPDATE traces SET created_at = created_at + 0.5, data = '{\"u\":1}' WHERE rowid % 29 = "
            + n,
        "UPDATE trace_sessions SET session_uid = 'moved-" + n + "' WHERE rowid % 31 = " + n,
        // Frees the highest number, and gives it to another.
        "INSERT INTO traces VALUES ('high-" + n + "', " + row,
        "DELETE FROM traces WHERE id = 'high-" + n + "'",
        "INSERT INTO traces VALUES ('again-" + n + "', " + row,
        "UPDATE traces SET id = 'renamed-" + n + "' WHERE id = 'again-" + n + "'");
  }

  private static List<String> frozen(OldStore old) {
    List<String> all =
        new ArrayList<>(
            old.rows(
                "SELECT id, context_type, namespace, data, metadata, typeof(metadata),"
                    + " CAST(created_at AS REAL), CAST(updated_at AS REAL) FROM traces_before"
                    + " ORDER BY id"));
    all.addAll(
        old.rows(
            "SELECT trace_id, session_uid FROM trace_sessions_before"
                + " ORDER BY trace_id, session_uid"));
    return all;
  }

  /** REPLACE by number removes another trace, and no trigger hears of it. */
  @Test
  void findsWhatTheTriggersDoNotSee() {
    OldStore old = OldStore.make(folder).filled(100, 4);
    AtomicInteger once = new AtomicInteger();
    old.migration()
        .steps(
            name -> {
              if (name.equals("comparing") && once.getAndIncrement() == 0) {
                old.execute(
                    "DELETE FROM trace_sessions WHERE trace_id = (SELECT id FROM traces WHERE"
                        + " rowid = 5)",
                    "REPLACE INTO traces (rowid, id, context_type, namespace, data, created_at,"
                        + " updated_at) VALUES (5, 'other', 't', 'n', '{}', 1, 1)");
              }
            })
        .run();
    assertThat(old.rows("SELECT id FROM traces WHERE seq = 5")).containsExactly("other");
    assertThat(old.everything()).isEqualTo(frozen(old));
  }

  @Test
  void takesWholeNumbersOfSeconds() {
    OldStore old =
        OldStore.make(folder, "created_at NUMERIC, updated_at NUMERIC", "").filled(50, 5);
    assertThat(old.rows("SELECT DISTINCT typeof(updated_at) FROM traces")).contains("integer");
    List<String> before = old.everything();
    old.migration().run();
    assertThat(old.everything()).isEqualTo(before);
    old.migration().undo();
    assertThat(old.everything()).isEqualTo(before);
    assertThat(old.rows("SELECT DISTINCT typeof(updated_at) FROM traces")).contains("integer");
  }

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
        "CREATE UNIQUE INDEX u ON traces (data) # traces has unique indexes"
      })
  void refusesWhatItCannotCarry(String change, String why) {
    OldStore old = OldStore.make(folder).filled(20, 6);
    old.executeWith(false, change);
    List<String> schema = old.rows("SELECT name, sql FROM sqlite_schema ORDER BY name");
    assertThat(old.migration().plan().obstacles()).hasSize(1).first().asString().contains(why);
    refuses(old.migration(), MigrationException.Reason.REFUSED, why);
    assertThat(old.rows("SELECT name, sql FROM sqlite_schema ORDER BY name")).isEqualTo(schema);
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
    refuses(migration, MigrationException.Reason.REFUSED, "2 traces have no text in namespace");
    assertThat(old.migration().plan().stage()).isEqualTo(Stage.FOLLOWING);
    old.execute("UPDATE traces SET namespace = 'mended' WHERE namespace IS NULL");
    assertThat(old.migration().run().stage()).isEqualTo(Stage.SWITCHED);
    assertThat(old.everything()).isEqualTo(frozen(old));
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
    refuses(migration, MigrationException.Reason.CHANGED, "is another than it was");
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
    refuses(migration, MigrationException.Reason.REFUSED, "the view v names these tables");
    old.execute("DROP VIEW v");
    assertThat(old.migration().run().stage()).isEqualTo(Stage.SWITCHED);
  }

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
  void oldCallsGoOnAfterwardsOrFailLoudly() throws Exception {
    OldStore old = OldStore.make(folder).filled(20, 11);
    old.migration().run();
    try (Connection connection = old.connect(true)) {
      OldStore.insert(connection, "INSERT", "later", new Random(1), 1_800_000_000);
      OldStore.map(connection, "later", "a");
      OldStore.map(connection, "later", "a");
      OldStore.map(connection, "later", "b");
      try (Statement statement = connection.createStatement()) {
        assertThat(statement.executeUpdate("DELETE FROM trace_sessions WHERE session_uid = 'b'"))
            .isEqualTo(1);
        assertThatThrownBy(
                () -> statement.execute("INSERT INTO trace_sessions VALUES ('nobody', 'a')"))
            .hasMessageContaining("there is no such trace");
        assertThatThrownBy(
                () ->
                    statement.execute("INSERT INTO traces VALUES ('p', 't', 'n', '{}', '', 1, 1)"))
            .hasMessageContaining("has 8 columns but 7 values were supplied");
        assertThatThrownBy(() -> statement.execute("UPDATE trace_sessions SET session_uid = 'c'"))
            .hasMessageContaining("cannot modify trace_sessions because it is a view");
      }
    }
    assertThat(old.rows("SELECT session_uid FROM trace_sessions WHERE trace_id = 'later'"))
        .containsExactly("a");
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

  @Test
  void aLockHeldByOthersIsWaitedForAndThenTold() throws Exception {
    OldStore old = OldStore.make(folder).filled(30, 13);
    try (Connection other = old.connect(true);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      refuses(
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
    refuses(migration, MigrationException.Reason.INTERRUPTED, "Call it again to go on");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(old.migration().run().stage()).isEqualTo(Stage.SWITCHED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id TEXT PRIMARY KEY COLLATE NOCASE, %s # the primary key of traces is not [id]",
        "id TEXT PRIMARY KEY, %s) WITHOUT ROWID -- # traces is WITHOUT ROWID",
        "id TEXT, %s # the primary key of traces is not [id]"
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
    refuses(old.migration(), MigrationException.Reason.REFUSED, told.split(" # ")[1]);
  }

  @Test
  void otherDatabasesAreRefused() throws Exception {
    assertThatThrownBy(() -> TraceStoreMigration.of("jdbc:postgresql://localhost/traces"))
        .hasMessageContaining("Stores of PostgreSQL are not migrated");
    Path none = folder.resolve("none.db");
    refuses(TraceStoreMigration.of(none), MigrationException.Reason.CANNOT_OPEN, "no such file");
    assertThat(none).doesNotExist();
    Path text = Files.writeString(folder.resolve("a.txt"), "no database, ".repeat(100));
    refuses(TraceStoreMigration.of(text), MigrationException.Reason.CANNOT_OPEN, "not a database");
    OldStore empty = new OldStore(folder.resolve("empty.db"));
    empty.execute("CREATE TABLE a (b)");
    refuses(empty.migration(), MigrationException.Reason.REFUSED, "holds no trace store");
  }

  @Test
  void everyReasonAndStageIsExplained() throws Exception {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("mvnw"))) {
      at = at.getParent();
    }
    String document = Files.readString(at.resolve("docs/store-migrate.md"));
    for (MigrationException.Reason reason : MigrationException.Reason.values()) {
      assertThat(document).contains("| `" + reason + "` | ");
    }
    for (Stage stage : Stage.values()) {
      assertThat(document).contains("| `" + stage + "` | ");
    }
  }
}
