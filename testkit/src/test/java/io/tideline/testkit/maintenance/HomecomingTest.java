package io.tideline.testkit.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.dialect.ReclaimOption;
import io.tideline.dialect.ReclaimWay;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.reclaim.Reclaim;
import io.tideline.maintenance.reclaim.ReclaimRequest;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.testkit.SqliteTestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a compact copy must bring home, and what is told when it cannot. */
class HomecomingTest {
  private static final ReclaimRequest COMPACT =
      new ReclaimRequest(Optional.of(ReclaimWay.COMPACT), true, false);
  private static final ReclaimRequest TO_INCREMENTAL =
      new ReclaimRequest(Optional.of(ReclaimWay.COMPACT), true, true);

  @TempDir Path folder;

  private Reclaim open(SqliteTestDatabase database) {
    Path archive = folder.resolve("archive");
    return Reclaim.open(Settings.of(database.url(), archive, List.of()), Clock.systemUTC());
  }

  private void compact(SqliteTestDatabase database, ReclaimRequest request, WorkListener listener) {
    try (Reclaim reclaim = open(database)) {
      reclaim.run(request, listener);
    }
  }

  /**
   * A table of some 1.5 KB a row, with a trigger and a sequence, in a file that gives pages back.
   */
  private SqliteTestDatabase full(int rows) {
    SqliteTestDatabase database = SqliteTestDatabase.create(folder, "store.db");
    database.execute(
        "PRAGMA auto_vacuum = FULL",
        "VACUUM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v, big BLOB)",
        "CREATE TABLE seen (id INTEGER PRIMARY KEY)",
        "CREATE TRIGGER seen_t AFTER INSERT ON t BEGIN INSERT INTO seen VALUES (new.id); END",
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
            + rows
            + ") INSERT INTO t (v, big) SELECT i, randomblob(1500) FROM n");
    return database;
  }

  /** A writer that has the lock when the copy wants it, and commits then. */
  private static Thread late(SqliteTestDatabase database) {
    try {
      Connection connection = database.connect();
      Statement statement = connection.createStatement();
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("INSERT INTO t (id, v) VALUES (99999, 'late')");
      statement.execute("UPDATE t SET v = 'changed' WHERE id = 7");
      Thread thread =
          new Thread(
              () -> {
                try {
                  Thread.sleep(300);
                  statement.execute("COMMIT");
                  connection.close();
                } catch (SQLException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              },
              "late");
      thread.start();
      return thread;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 4000})
  void aFileThatGivesPagesBackByItselfLosesNothing(int rows) {
    SqliteTestDatabase database = full(rows);
    WorkListener busy =
        new WorkListener() {
          @Override
          public void at(String what, long done, long total) {}

          @Override
          public void stepped(String done) {
            if (done.equals("compaction-copied")) {
              database.execute("DELETE FROM t WHERE id > 10");
            } else if (done.equals("compaction-compared")) {
              late(database);
            }
          }
        };
    compact(database, COMPACT, busy);
    assertThat(database.query("SELECT id FROM t WHERE v = 'late'")).containsExactly("99999");
    assertThat(database.query("SELECT v FROM t WHERE id = 7")).containsExactly("changed");
    assertThat(database.count("t")).isEqualTo(11);
    assertThat(database.query("SELECT max(id) FROM seen")).containsExactly("99999");
    assertThat(database.query("SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
        .containsExactly("seen_t");
    assertThat(database.query("SELECT seq FROM sqlite_sequence")).containsExactly("99999");
    assertThat(database.query("PRAGMA auto_vacuum")).containsExactly("1");
    assertThat(database.query("PRAGMA freelist_count")).containsExactly("0");
    Store.isWhole(database);
  }

  @Test
  void autoVacuumChangesWithWhatComesHomeOrNotAtAll() {
    SqliteTestDatabase database = full(20);
    Doing changing =
        new Doing(
            "compaction-compared",
            () -> database.execute("CREATE TABLE another (id INTEGER PRIMARY KEY)"));
    assertThatThrownBy(() -> compact(database, TO_INCREMENTAL, changing))
        .hasMessageContaining("somebody changed the schema meanwhile");
    assertThat(database.query("PRAGMA auto_vacuum")).containsExactly("1");
    compact(database, TO_INCREMENTAL, WorkListener.NONE);
    assertThat(database.query("PRAGMA auto_vacuum")).containsExactly("2");
    Store.isWhole(database);
  }

  @Test
  void aTriggerComesHomeByteByByte() {
    SqliteTestDatabase database = full(20);
    database.execute(
        "CREATE TRIGGER odd AFTER DELETE ON t BEGIN INSERT INTO seen SELECT 0 WHERE '#' = ''; END",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = CAST(substr(CAST(sql AS BLOB), 1, instr(sql, '#') - 1)"
            + " || x'E9' || substr(CAST(sql AS BLOB), instr(sql, '#') + 1) AS TEXT)"
            + " WHERE name = 'odd'");
    String text = "SELECT hex(CAST(sql AS BLOB)) FROM sqlite_schema WHERE name = 'odd'";
    List<String> before = database.query(text);
    assertThat(before.get(0)).contains("27E927");
    compact(database, COMPACT, WorkListener.NONE);
    assertThat(database.query(text)).isEqualTo(before);
    Store.isWhole(database);
  }

  @Test
  void whatSomebodyWroteIntoTheSchemaIsNotLost() {
    SqliteTestDatabase database = full(20);
    database.execute("CREATE VIEW shown AS SELECT id FROM t");
    Doing writing =
        new Doing(
            "compaction-compared",
            () ->
                database.execute(
                    "PRAGMA writable_schema = ON",
                    "UPDATE sqlite_schema SET sql = sql || ' WHERE id > 3' WHERE name = 'shown'"));
    assertThatThrownBy(() -> compact(database, COMPACT, writing))
        .isInstanceOfSatisfying(
            TidelineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.COMPACTION_DISCARDED))
        .hasMessageContaining("the definition of shown is not in it as it should be");
    assertThat(database.query("SELECT sql FROM sqlite_schema WHERE name = 'shown'").get(0))
        .endsWith("WHERE id > 3");
    Store.isWhole(database);
  }

  @Test
  void statisticsAndPragmasOfTheLastMomentComeHome() {
    SqliteTestDatabase database = full(20);
    database.execute("CREATE INDEX t_v ON t (v)", "ANALYZE");
    Doing changing =
        new Doing(
            "compaction-compared",
            () ->
                database.execute(
                    "INSERT INTO t (v) VALUES (1), (1), (1)",
                    "ANALYZE",
                    "PRAGMA user_version = 21",
                    "PRAGMA application_id = -5",
                    "PRAGMA default_cache_size = 1234",
                    "UPDATE sqlite_sequence SET seq = 700"));
    compact(database, COMPACT, changing);
    assertThat(database.query("SELECT stat FROM sqlite_stat1 WHERE idx = 't_v'").get(0))
        .startsWith("23 ");
    assertThat(database.query("SELECT tbl FROM sqlite_stat1 WHERE tbl LIKE 'tideline%'")).isEmpty();
    assertThat(database.query("PRAGMA user_version")).containsExactly("21");
    assertThat(database.query("PRAGMA application_id")).containsExactly("-5");
    assertThat(database.query("PRAGMA default_cache_size")).containsExactly("1234");
    assertThat(database.query("SELECT seq FROM sqlite_sequence")).containsExactly("700");
    Store.isWhole(database);
  }

  @Test
  void whatCouldNotBeRemovedIsTold() throws SQLException {
    SqliteTestDatabase database = full(20);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      Doing holding =
          new Doing(
              "compaction-copied",
              () -> {
                try {
                  statement.execute("CREATE TABLE another (id INTEGER PRIMARY KEY)");
                  statement.execute("BEGIN IMMEDIATE");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThatThrownBy(() -> compact(database, COMPACT, holding))
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.COMPACTION_DISCARDED);
                assertThat(e.state())
                    .startsWith(
                        "The copy was discarded; the database is unchanged. But what the"
                            + " compaction needed could not be removed: the trigger"
                            + " tideline_compaction_")
                    .endsWith(" more. Until it is, each change writes one or two rows more.");
                assertThat(e.mend()).startsWith("Remove it with `tideline reclaim --tidy`.");
              });
      statement.execute("ROLLBACK");
    }
    try (Reclaim reclaim = open(database)) {
      assertThat(reclaim.tidy().removed()).contains("the table tideline_compaction_log");
    }
    Store.isWhole(database);
  }

  @Test
  void itEndsSoonWhenToldToAndCutsTheLogItLeft() throws IOException {
    SqliteTestDatabase database = full(2000);
    try (Reclaim reclaim = open(database)) {
      Doing stopping = new Doing("compaction-compared", reclaim::stop);
      assertThatThrownBy(() -> reclaim.run(COMPACT, stopping))
          .isInstanceOfSatisfying(
              TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
      assertThat(stopping.done()).isTrue();
    }
    Runnable fail =
        () -> {
          throw new IllegalStateException("asked for");
        };
    assertThatThrownBy(() -> compact(database, COMPACT, new Doing("compaction-coming-home", fail)))
        .hasMessage("asked for");
    Path log = folder.resolve("store.db-wal");
    assertThat(Files.exists(log) ? Files.size(log) : 0).isLessThan(1_000_000);
    assertThat(database.count("t")).isEqualTo(2000);
    Store.isWhole(database);
  }

  @Test
  void thePlanTellsWhatIsCountedUnderTheLock() {
    SqliteTestDatabase database = full(20);
    assertThat(blocks(database)).startsWith("Writers for about 0.1 s at its end; readers never.");
    database.execute(
        "CREATE TABLE named (id INTEGER PRIMARY KEY, u UNIQUE)",
        "CREATE TABLE text (k TEXT PRIMARY KEY)",
        "CREATE TABLE plain (k TEXT PRIMARY KEY) WITHOUT ROWID");
    assertThat(blocks(database))
        .contains("or a rowid besides its key: named, text; readers never.");
  }

  private String blocks(SqliteTestDatabase database) {
    try (Reclaim reclaim = open(database)) {
      List<ReclaimOption> options = reclaim.plan(COMPACT).chosen();
      return options.get(0).blocks();
    }
  }

  @Test
  void aLogThatAnotherCheckpointHoldsIsNotCut() throws SQLException, InterruptedException {
    SqliteTestDatabase database = full(20);
    try (Connection reader = database.connect();
        Statement reading = reader.createStatement();
        Connection other = database.connect();
        Statement checkpoint = other.createStatement();
        Reclaim reclaim = open(database)) {
      reading.execute("BEGIN");
      reading.executeQuery("SELECT count(*) FROM t").close();
      database.execute("INSERT INTO t (v) VALUES ('x')");
      Thread waiting =
          new Thread(
              () -> {
                try {
                  checkpoint.execute("PRAGMA wal_checkpoint(RESTART)");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      waiting.start();
      while (!busy(database)) {
        Thread.sleep(10);
      }
      Thread stopping =
          new Thread(
              () -> {
                try {
                  Thread.sleep(1000);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                reclaim.stop();
              });
      ReclaimRequest cut = new ReclaimRequest(Optional.of(ReclaimWay.CHECKPOINT), false, false);
      assertThat(reclaim.run(cut, new Doing("tidied", stopping::start)).done().get(0).notes())
          .singleElement()
          .asString()
          .startsWith("The write-ahead log keeps its");
      reading.execute("ROLLBACK");
      waiting.join();
      stopping.join();
    }
  }

  /** Whether somebody checkpoints. */
  private static boolean busy(SqliteTestDatabase database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 0");
      try (var rows = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
        return rows.getInt(1) != 0;
      }
    }
  }
}
