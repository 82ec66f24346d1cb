package io.tideline.testkit.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.error.ErrorCode;
import io.tideline.maintenance.backfill.BackfillReport;
import io.tideline.run.WorkListener;
import io.tideline.testkit.FullDisk;
import io.tideline.testkit.SqliteTestDatabase;
import io.tideline.testkit.TestDatabase;
import io.tideline.tuning.Backfill;
import io.tideline.tuning.Backfill.Fill;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Backfills on SQLite. */
class SqliteBackfillTest extends BackfillContract {
  @Override
  TestDatabase open() {
    return SqliteTestDatabase.create(folder, "store.db");
  }

  @Override
  List<String> ours() {
    return database.query("SELECT name FROM sqlite_schema WHERE name LIKE 'tideline%'");
  }

  @Override
  boolean isSqlite() {
    return true;
  }

  @Override
  void touch() {
    database.execute("CREATE TRIGGER users AFTER DELETE ON usage BEGIN SELECT 1; END");
  }

  @Override
  void untouch() {
    database.execute("DROP TRIGGER users");
  }

  @Override
  List<String> indexes() {
    return database.query("SELECT name FROM sqlite_schema WHERE type = 'index'");
  }

  @Override
  void shout() {
    database.execute(
        "CREATE TRIGGER shout AFTER UPDATE ON usage WHEN new.kind <> upper(new.kind)"
            + " BEGIN UPDATE usage SET kind = upper(new.kind) WHERE id = new.id; END");
  }

  @Test
  void aTriggerDoesOnlyWhatCannotFail() {
    isRefused(
        () -> fills.plan(Fills.set("usage", "kind", "abs(n)", Optional.empty(), Fill.TRIGGER)),
        ErrorCode.BACKFILL_REFUSED,
        "only a constant or a copied value never does",
        "fill: sweep");
    database.execute("CREATE TABLE firm (id INTEGER PRIMARY KEY, v TEXT) STRICT");
    isRefused(
        () -> fills.plan(Fills.set("firm", "v", "'x'", Optional.empty(), Fill.TRIGGER)),
        ErrorCode.BACKFILL_REFUSED,
        "STRICT");
    database.execute(
        "CREATE TRIGGER fixed AFTER UPDATE ON usage BEGIN SELECT raise(ABORT, 'no'); END");
    isRefused(
        () -> fills.plan(Fills.set("usage", "kind", "'x'", Optional.empty(), Fill.TRIGGER)),
        ErrorCode.BACKFILL_REFUSED,
        "would fire its UPDATE trigger fixed");
  }

  @Test
  void conflictClausesOfTheApplicationMeanWhatTheyMeantBefore() {
    Backfill fix = Fills.set("usage", "kind", "'primary'", Optional.empty(), Fill.TRIGGER);
    fills.fill(fix);
    database.execute(
        "INSERT OR IGNORE INTO usage VALUES (1, 'ignored', 0)",
        "INSERT OR REPLACE INTO usage (id, n) VALUES (2, 0)",
        "INSERT INTO usage (id, n) VALUES (3, 0) ON CONFLICT (id) DO UPDATE SET n = -3",
        "INSERT OR FAIL INTO usage (id, n) VALUES (101, 0)",
        "INSERT OR ROLLBACK INTO usage VALUES (102, 'own', 0)");
    assertThat(kinds()).contains("1:primary", "2:primary", "3:secondary", "101:primary", "102:own");
    assertThat(database.query("SELECT n FROM usage WHERE id = 3")).containsExactly("-3");
  }

  @Test
  void storageClassesAndAffinitiesComeBackAsTheyWere() {
    database.execute(
        "CREATE TABLE mixed (id INTEGER PRIMARY KEY, v NUMERIC, w)",
        "INSERT INTO mixed VALUES (1, 'x', 1), (2, 9007199254740993, 2), (3, x'00ff', 3),"
            + " (4, -0.0, 4), (5, 'a' || char(0) || 'b', 5), (6, 9e999, 6)");
    String exact = "SELECT id || typeof(v) || hex(v) || quote(v) FROM mixed ORDER BY id";
    List<String> before = database.query(exact);
    Backfill fix = Fills.set("mixed", "v", "'7'", Optional.of("v IS NOT 7"), Fill.SWEEP);
    assertThat(fills.fill(fix).changed()).isEqualTo(6);
    assertThat(database.query("SELECT DISTINCT typeof(v) FROM mixed")).containsExactly("integer");
    database.execute("UPDATE mixed SET v = 7.5 WHERE id = 1");
    BackfillReport undone = fills.undo(fix, false);
    assertThat(undone.changed()).isEqualTo(5);
    assertThat(database.query(exact).subList(1, 6)).isEqualTo(before.subList(1, 6));
    assertThat(database.query("SELECT v FROM mixed WHERE id = 1")).containsExactly("7.5");
  }

  @Test
  void keysOfTextAndTablesWithoutRowidServe() {
    database.execute(
        "CREATE TABLE keyed (a TEXT NOT NULL, b INT NOT NULL, v TEXT, PRIMARY KEY (a, b))"
            + " WITHOUT ROWID",
        "CREATE TABLE named (k TEXT NOT NULL PRIMARY KEY, v TEXT)",
        "CREATE TABLE loose (k TEXT PRIMARY KEY, v TEXT)",
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 35)"
            + " INSERT INTO keyed SELECT 'a' || (i % 5), i, NULL FROM n",
        "INSERT INTO named SELECT a || b, NULL FROM keyed",
        "INSERT INTO loose SELECT a || b, NULL FROM keyed");
    for (String table : List.of("keyed", "named")) {
      Backfill fix = Fills.set(table, "v", "'x'", Optional.empty(), Fill.TRIGGER);
      assertThat(fills.fill(fix).changed()).isEqualTo(35);
      assertThat(fills.undo(fix, false).changed()).isEqualTo(35);
      assertThat(database.query("SELECT count(*) FROM " + table + " WHERE v IS NULL"))
          .containsExactly("35");
    }
    isRefused(
        () -> fills.plan(Fills.set("loose", "v", "'x'", Optional.empty(), Fill.SWEEP)),
        ErrorCode.BACKFILL_REFUSED,
        "VACUUM");
  }

  @Test
  void aTriggerThatSomebodyReplacedIsNotDropped() {
    Backfill fix = Fills.set("usage", "kind", "'primary'", Optional.empty(), Fill.TRIGGER);
    fills.fill(fix);
    database.execute(
        "DROP TRIGGER tideline_fill_fix",
        "CREATE TRIGGER tideline_fill_fix AFTER INSERT ON usage BEGIN SELECT 1; END");
    isRefused(
        () -> fills.undo(fix, false), ErrorCode.BACKFILL_CHANGED, "is not as Tideline made it");
    assertThat(ours()).contains("tideline_fill_fix");
  }

  @Test
  void aRollbackJournalAndAReaderAtTheCommitServe() throws Exception {
    database.execute("PRAGMA journal_mode = DELETE");
    List<String> before = kinds();
    Backfill fix = Fills.set("usage", "kind", "'primary'", Optional.empty(), Fill.SWEEP);
    try (Connection reader = database.connect();
        Statement reading = reader.createStatement()) {
      reader.setAutoCommit(false);
      Thread letGo = new Thread(() -> endsSoon(reader));
      WorkListener readingAtTheCommit =
          onceAt(
              "backfill-batch",
              () -> {
                try {
                  reading.executeQuery("SELECT kind FROM usage").next();
                  letGo.start();
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(fills.fill(fix, readingAtTheCommit).changed()).isEqualTo(40);
      letGo.join();
    }
    assertThat(fills.undo(fix, false).changed()).isEqualTo(40);
    assertThat(kinds()).isEqualTo(before);
    assertThat(database.query("PRAGMA journal_mode")).containsExactly("delete");
  }

  private static void endsSoon(Connection reader) {
    try {
      Thread.sleep(300);
      reader.close();
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aFullDiskLosesNothing() throws IOException {
    try (FullDisk disk = FullDisk.mount(Files.createDirectory(folder.resolve("disk")), 4096);
        TestDatabase small = SqliteTestDatabase.create(disk.folder(), "small.db")) {
      small.execute(
          "CREATE TABLE usage (id INTEGER PRIMARY KEY, kind TEXT, w TEXT)",
          "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)"
              + " INSERT INTO usage SELECT i, NULL, hex(zeroblob(2000)) FROM n");
      String all = "SELECT id, kind, w FROM usage ORDER BY id";
      List<String> before = small.query(all);
      Fills there = new Fills(small, folder);
      Backfill fix = Fills.set("usage", "kind", "'primary'", Optional.empty(), Fill.SWEEP);
      isRefused(
          () -> there.fill(fix, onceAt("backfill-committed", () -> disk.fillBut(0))),
          ErrorCode.DISK_FULL,
          "disk is full");
      disk.empty();
      assertThat(there.fill(fix).changed()).isEqualTo(60);
      assertThat(there.undo(fix, false).changed()).isEqualTo(60);
      assertThat(small.query(all)).isEqualTo(before);
    }
  }
}
