package io.tideline.testkit.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.dialect.ReclaimWay;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.reclaim.Reclaim;
import io.tideline.maintenance.reclaim.ReclaimRequest;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.testkit.SqliteTestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that an application makes past the triggers of a compaction, as SQLite lets it. */
class UnseenChangesTest {
  private static final ReclaimRequest COMPACT =
      new ReclaimRequest(Optional.of(ReclaimWay.COMPACT), true, false);

  @TempDir Path folder;
  private SqliteTestDatabase database;

  @BeforeEach
  void make() {
    database = SqliteTestDatabase.create(folder, "store.db");
    database.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v)",
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
            + " INSERT INTO t SELECT i, hex(randomblob(40)) FROM n",
        "DELETE FROM t WHERE id > 1000");
  }

  private void compact(WorkListener listener) {
    Path archive = folder.resolve("archive");
    try (Reclaim reclaim =
        Reclaim.open(Settings.of(database.url(), archive, List.of()), Clock.systemUTC())) {
      reclaim.run(COMPACT, listener);
    }
  }

  /** Compacts, and changes rows when all were compared. */
  private void compactAmid(String... changes) {
    Doing doing = new Doing("compaction-compared", () -> database.execute(changes));
    compact(doing);
    assertThat(doing.done()).isTrue();
    Store.isWhole(database);
  }

  private void isDiscarded(String step, String why, String... changes) {
    Doing doing = new Doing(step, () -> database.execute(changes));
    assertThatThrownBy(() -> compact(doing))
        .isInstanceOfSatisfying(
            TidelineException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.COMPACTION_DISCARDED);
              assertThat(e.what()).contains(why);
            });
    assertThat(doing.done()).isTrue();
    Store.isWhole(database);
  }

  private void isRefused(WorkListener listener, String why) {
    assertThatThrownBy(() -> compact(listener))
        .isInstanceOfSatisfying(
            TidelineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.RECLAIM_IMPOSSIBLE))
        .hasMessageContaining(why);
    Store.isWhole(database);
  }

  @Test
  void aReplacedRowAndAKeyThatIsNullDoNotMakeUpForEachOther() {
    database.execute(
        "CREATE TABLE named (a TEXT PRIMARY KEY, u UNIQUE)",
        "INSERT INTO named VALUES ('k', 'x'), ('l', 'y')");
    isDiscarded(
        "compaction-compared", "a key of named became NULL", "REPLACE INTO named (u) VALUES ('x')");
    assertThat(database.query("SELECT coalesce(a, '-') || u FROM named ORDER BY u"))
        .containsExactly("-x", "ly");
  }

  @Test
  void anotherTableMayBeChangedByTheSameDelta() {
    database.execute("CREATE TABLE pairs (a INTEGER, b INTEGER NOT NULL, PRIMARY KEY (a, b))");
    compactAmid("INSERT INTO pairs VALUES (1, 2)", "UPDATE t SET v = 'new' WHERE id = 3");
    assertThat(database.query("SELECT a + b FROM pairs")).containsExactly("3");
    assertThat(database.query("SELECT v FROM t WHERE id = 3")).containsExactly("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"IGNORE", "FAIL, 'no'"})
  void aTriggerThatEndsBeforeOursHidesNoChange(String raise) {
    Doing doing =
        new Doing(
            "compaction-compared",
            () ->
                tolerantly(
                    "CREATE TEMP TRIGGER first AFTER UPDATE ON t BEGIN SELECT RAISE("
                        + raise
                        + "); END",
                    "CREATE TEMP TRIGGER gone AFTER DELETE ON t BEGIN SELECT RAISE("
                        + raise
                        + "); END",
                    "UPDATE t SET v = 'new' WHERE id = 5",
                    "UPDATE t SET id = 5000 WHERE id = 6",
                    "DELETE FROM t WHERE id = 7"));
    compact(doing);
    assertThat(database.query("SELECT id || v FROM t WHERE id = 5")).containsExactly("5new");
    assertThat(database.query("SELECT id FROM t WHERE id IN (6, 7, 5000)")).containsExactly("5000");
    Store.isWhole(database);
  }

  private void tolerantly(String... statements) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        try {
          statement.execute(sql);
        } catch (SQLException e) {
          assertThat(e.getMessage()).contains("no");
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatAForeignKeyChangesIsSeenThoughTheChildFails() {
    database.execute(
        "CREATE TABLE parent (k TEXT PRIMARY KEY)",
        "CREATE TABLE child (id INTEGER PRIMARY KEY, k REFERENCES parent"
            + " ON UPDATE CASCADE ON DELETE CASCADE)",
        "CREATE TRIGGER fails AFTER UPDATE ON child BEGIN SELECT RAISE(FAIL, 'no'); END",
        "CREATE TRIGGER fails_too AFTER DELETE ON child BEGIN SELECT RAISE(FAIL, 'no'); END",
        "INSERT INTO parent VALUES ('a'), ('z'), ('stays')",
        "INSERT INTO child VALUES (1, 'a'), (2, 'z')");
    compact(
        new Doing(
            "compaction-compared",
            () ->
                tolerantly(
                    "UPDATE parent SET k = 'b' WHERE k = 'a'",
                    "DELETE FROM parent WHERE k = 'z'")));
    assertThat(database.query("SELECT k FROM parent ORDER BY k")).containsExactly("b", "stays");
    assertThat(database.query("SELECT id || k FROM child")).containsExactly("1b");
    assertThat(database.query("PRAGMA foreign_key_check")).isEmpty();
    Store.isWhole(database);
  }

  @Test
  void aParentThatReplaceTookAwayIsSeenThoughTheChildFails() {
    database.execute(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY, v)",
        "CREATE TABLE child (id INTEGER PRIMARY KEY, p REFERENCES parent ON DELETE CASCADE)",
        "CREATE TRIGGER fails AFTER DELETE ON child BEGIN SELECT RAISE(FAIL, 'no'); END",
        "INSERT INTO parent VALUES (1, 'a'), (2, 'b'), (3, 'c')",
        "INSERT INTO child VALUES (1, 2)");
    compact(
        new Doing(
            "compaction-compared", () -> tolerantly("REPLACE INTO parent VALUES (2, 'new')")));
    assertThat(database.query("SELECT id || v FROM parent ORDER BY id"))
        .containsExactly("1a", "3c");
    Store.isWhole(database);
  }

  @Test
  void aRowThatIsReplacedIsSeenThoughATemporaryTriggerEndsTheWork() {
    compactAmid(
        "CREATE TEMP TRIGGER first AFTER INSERT ON t BEGIN SELECT RAISE(IGNORE); END",
        "REPLACE INTO t VALUES (500, 'new')");
    assertThat(database.query("SELECT v FROM t WHERE id = 500")).containsExactly("new");
  }

  @Test
  void aNewRowThatNoTriggerTellsOfDiscardsTheCopy() {
    isDiscarded(
        "compaction-compared",
        "t has 1001 rows and the copy 1000",
        "CREATE TEMP TRIGGER first AFTER INSERT ON t BEGIN SELECT RAISE(IGNORE); END",
        "INSERT INTO t (v) VALUES ('new')");
    assertThat(database.query("SELECT v FROM t WHERE id = 1001")).containsExactly("new");
  }

  private static String hiding(String table) {
    return "CREATE TEMP TRIGGER hides AFTER INSERT ON "
        + table
        + " WHEN new.v = 'hidden' BEGIN SELECT RAISE(IGNORE); END";
  }

  @Test
  void aNewRowThatNoTriggerTellsOfIsNotForgottenForTheNext() {
    isDiscarded(
        "compaction-compared",
        "t has 1002 rows and the copy 1001",
        hiding("t"),
        "INSERT INTO t (v) VALUES ('hidden')",
        "INSERT INTO t (v) VALUES ('seen')");
    assertThat(database.query("SELECT v FROM t WHERE id > 1000")).containsExactly("hidden", "seen");
  }

  @Test
  void theLastChangesAreDoubtedUnderTheLockToo() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      Doing doing = new Doing("compaction-compared", () -> late(statement));
      assertThatThrownBy(() -> compact(doing))
          .hasMessageContaining("t has 1002 rows and the copy 1001");
    }
    assertThat(database.query("SELECT v FROM t WHERE id > 1000")).containsExactly("hidden", "seen");
    Store.isWhole(database);
  }

  /** Has the lock when the copy wants it, and commits then. */
  private static void late(Statement statement) {
    try {
      statement.execute(hiding("t"));
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("INSERT INTO t (v) VALUES ('hidden')");
      statement.execute("INSERT INTO t (v) VALUES ('seen')");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    new Thread(
            () -> {
              try {
                Thread.sleep(300);
                statement.execute("COMMIT");
              } catch (SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            })
        .start();
  }

  @Test
  void aRowidThatIsReckonedTwiceHidesNoRow() {
    compactAmid(
        "INSERT INTO t (id) VALUES (abs(random()))", "INSERT INTO t (id) VALUES (abs(random()))");
    assertThat(database.count("t")).isEqualTo(1002);
    isDiscarded(
        "compaction-compared",
        "t has 1004 rows and the copy 1003",
        hiding("t"),
        "INSERT INTO t VALUES (-abs(random() / 2) - 5, 'hidden')",
        "INSERT INTO t (id) VALUES (-9223372036854775807)");
    assertThat(database.count("t")).isEqualTo(1004);
  }

  @Test
  void aHiddenRowThatTakesAnotherAwayDiscardsTheCopy() {
    database.execute(
        "CREATE TABLE named (id INTEGER PRIMARY KEY, u UNIQUE, v)",
        "CREATE TABLE texts (k TEXT PRIMARY KEY, u UNIQUE, v)",
        "INSERT INTO named (u) VALUES ('a'), ('b'), ('c')",
        "INSERT INTO texts (k, u) VALUES ('a', 1), ('b', 2), ('c', 3)");
    isDiscarded(
        "compaction-compared",
        "something inserted a row into named unseen",
        hiding("named"),
        "REPLACE INTO named (u, v) VALUES ('b', 'hidden')",
        "INSERT INTO named (u, v) VALUES ('d', 'seen')");
    assertThat(database.query("SELECT u FROM named ORDER BY id"))
        .containsExactly("a", "c", "b", "d");
    // What is named is put into the copy, where the one that went away stands in its way.
    isDiscarded(
        "compaction-compared",
        "a changed row of texts has no place in it",
        hiding("texts"),
        "REPLACE INTO texts VALUES ('bb', 2, 'hidden')");
  }

  @Test
  void aDefaultKeyThatReplacesUnseenDiscardsTheCopy() {
    database.execute(
        "CREATE TABLE d (k TEXT NOT NULL ON CONFLICT REPLACE DEFAULT 'x' PRIMARY KEY, v)"
            + " WITHOUT ROWID",
        "INSERT INTO d VALUES ('w', 0), ('x', 1), ('y', 2)");
    isDiscarded(
        "compaction-compared",
        "something inserted a row into d unseen",
        hiding("d"),
        "REPLACE INTO d VALUES (NULL, 'hidden')");
    assertThat(database.query("SELECT k || v FROM d")).containsExactly("w0", "xhidden", "y2");
    compactAmid("INSERT OR REPLACE INTO d VALUES (NULL, 'seen')");
    assertThat(database.query("SELECT k || v FROM d")).containsExactly("w0", "xseen", "y2");
  }

  @Test
  void insertsThatChangeNothingComeHome() {
    database.execute(
        "CREATE TABLE named (id INTEGER PRIMARY KEY, u UNIQUE, v)",
        "CREATE TABLE texts (k TEXT NOT NULL PRIMARY KEY, u UNIQUE)",
        "CREATE TABLE pairs (a INT, b INT, v, PRIMARY KEY (a, b)) WITHOUT ROWID",
        "INSERT INTO named (u) VALUES ('a'), ('b')",
        "INSERT INTO texts VALUES ('a', 1), ('b', 2)",
        "INSERT INTO pairs VALUES (1, 1, 1), (1, 2, 1)");
    String[] changes = {
      "INSERT OR IGNORE INTO named (u) VALUES ('a'), ('b'), ('a'), ('c')",
      "INSERT INTO named (u, v) VALUES ('b', 1) ON CONFLICT (u) DO UPDATE SET v = excluded.v",
      "INSERT OR IGNORE INTO t VALUES (1, 'not'), (2, 'not'), (-1, 'new'), (-1, 'not')",
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
          + " INSERT OR IGNORE INTO t SELECT i, i FROM n",
      "INSERT OR IGNORE INTO texts VALUES ('new', 1), (NULL, 5), ('c', 3)",
      "INSERT INTO pairs VALUES (1, 2, 3), (3, 4, 5) ON CONFLICT DO UPDATE SET v = excluded.v"
    };
    compactAmid(changes);
    assertThat(database.query("SELECT u || coalesce(v, '') FROM named ORDER BY id"))
        .containsExactly("a", "b1", "c");
    assertThat(database.query("SELECT k FROM texts ORDER BY k")).containsExactly("a", "b", "c");
    assertThat(database.query("SELECT a || b || v FROM pairs"))
        .containsExactly("111", "123", "345");
    assertThat(database.query("SELECT v FROM t WHERE id = -1")).containsExactly("new");
    assertThat(database.count("t")).isEqualTo(1001);
  }

  @Test
  void aNewRowIsSeenThoughALaterTriggerEndsTheWork() {
    database.execute("CREATE TRIGGER ends AFTER INSERT ON t BEGIN SELECT RAISE(IGNORE); END");
    compactAmid("REPLACE INTO t VALUES (500, 'new')", "INSERT INTO t VALUES (-1, 'first')");
    assertThat(database.query("SELECT v FROM t WHERE id IN (-1, 500)"))
        .containsExactly("first", "new");
  }

  @Test
  void aRowThatARowidTookAwayDiscardsTheCopy() {
    database.execute(
        "CREATE TABLE texts (k TEXT PRIMARY KEY)", "INSERT INTO texts VALUES ('a'), ('b'), ('c')");
    isDiscarded(
        "compaction-compared",
        "texts has 3 rows and the copy 4",
        "REPLACE INTO texts (rowid, k) VALUES (2, 'bb')");
    assertThat(database.query("SELECT k FROM texts ORDER BY k")).containsExactly("a", "bb", "c");
  }

  @Test
  void theTablesOwnConflictClauseDoesNotWorkInTheCopy() {
    database.execute(
        "CREATE TABLE replaced (id INTEGER PRIMARY KEY, u UNIQUE ON CONFLICT REPLACE)",
        "CREATE TABLE rolled (id INTEGER PRIMARY KEY, u UNIQUE ON CONFLICT ROLLBACK)",
        "INSERT INTO replaced VALUES (1, 'a'), (2, 'b')",
        "INSERT INTO rolled VALUES (1, 'a'), (2, 'b')");
    isDiscarded(
        "compaction-copied",
        "a changed row of replaced has no place in it",
        "INSERT INTO replaced VALUES (3, 'a')");
    isDiscarded(
        "compaction-copied",
        "a changed row of rolled has no place in it",
        "REPLACE INTO rolled VALUES (3, 'a')");
    assertThat(database.query("SELECT id FROM rolled ORDER BY id")).containsExactly("2", "3");
  }

  @Test
  void aKeyWithAnotherCollationThanItsColumnIsRefused() {
    database.execute("CREATE TABLE folded (a TEXT, v, PRIMARY KEY (a COLLATE NOCASE))");
    isRefused(WorkListener.NONE, "another collation than its columns");
    database.execute(
        "DROP TABLE folded", "CREATE TABLE folded (a TEXT COLLATE NOCASE PRIMARY KEY, v)");
    compactAmid("REPLACE INTO folded VALUES ('Key', 1)", "REPLACE INTO folded VALUES ('KEY', 2)");
    assertThat(database.query("SELECT a || v FROM folded")).containsExactly("KEY2");
  }

  @Test
  void anIntegerKeyOfTwoColumnsMayHoldNullToo() {
    database.execute(
        "CREATE TABLE pairs (a INTEGER, b INTEGER, PRIMARY KEY (a, b))",
        "INSERT INTO pairs VALUES (1, NULL)");
    isRefused(WorkListener.NONE, "A primary key of pairs holds NULL");
    database.execute(
        "DROP TABLE pairs",
        "CREATE TABLE down (a INTEGER PRIMARY KEY DESC)",
        "INSERT INTO down VALUES (NULL)");
    isRefused(WorkListener.NONE, "A primary key of down holds NULL");
  }

  @Test
  void aTableThatIsMadeBetweenTheTriggersDiscardsTheCopy() {
    database.executeTogether(
        IntStream.range(0, 500)
            .mapToObj(i -> "CREATE TABLE many_" + i + " (id INTEGER PRIMARY KEY)")
            .toList());
    AtomicInteger times = new AtomicInteger();
    WorkListener making =
        (what, done, total) -> {
          if (what.equals("making triggers") && times.incrementAndGet() == 1) {
            database.execute("CREATE TABLE odd (id INTEGER PRIMARY KEY)");
          }
        };
    assertThatThrownBy(() -> compact(making))
        .hasMessageContaining("somebody changed the schema meanwhile");
    assertThat(times).hasValue(1);
    Store.isWhole(database);
    compact(WorkListener.NONE);
    Store.isWhole(database);
  }

  @Test
  void aTableThatIsMadeDuringTheCheckIsRefusedAsOneBeforeIt() {
    for (String made : List.of("CREATE TABLE odd (v)", "CREATE VIRTUAL TABLE odd USING fts5(w)")) {
      WorkListener making =
          (what, done, total) -> {
            if (what.equals("checking the file")) {
              database.execute(made);
            }
          };
      isRefused(making, ": odd.");
      database.execute("DROP TABLE odd");
    }
  }
}
