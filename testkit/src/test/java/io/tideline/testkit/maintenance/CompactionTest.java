package io.tideline.testkit.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.dialect.ReclaimWay;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.reclaim.Reclaim;
import io.tideline.maintenance.reclaim.ReclaimReport;
import io.tideline.maintenance.reclaim.ReclaimRequest;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.testkit.FullDisk;
import io.tideline.testkit.SqliteTestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A compact copy beside live traffic: home without losing a change, or not at all. */
class CompactionTest {
  private static final ReclaimRequest ONLINE = new ReclaimRequest(Optional.empty(), true, false);

  @TempDir Path folder;

  private static ReclaimReport compact(
      SqliteTestDatabase database, ReclaimRequest request, WorkListener listener) {
    Path archive = database.file().resolveSibling("archive");
    try (Reclaim reclaim =
        Reclaim.open(Settings.of(database.url(), archive, List.of()), Clock.systemUTC())) {
      return reclaim.run(request, listener);
    }
  }

  @Test
  void noChangeIsLostAndNothingElseChanges() throws IOException {
    SqliteTestDatabase database = Store.make(folder, "store.db");
    Files.copy(folder.resolve("store.db"), folder.resolve("mirror.db"));
    SqliteTestDatabase mirror = SqliteTestDatabase.create(folder, "mirror.db");
    assertThat(Store.dump(mirror)).isEqualTo(Store.dump(database));
    List<String> schema = Store.schema(database);
    long before = Files.size(database.file());

    ReclaimReport report;
    int during;
    try (Changes changes = new Changes(42, database, mirror)) {
      while (changes.done() < 20) {
        Thread.onSpinWait();
      }
      report = compact(database, ONLINE, WorkListener.NONE);
      during = changes.done();
      while (changes.done() < during + 20) {
        Thread.onSpinWait();
      }
    }
    assertThat(report.done()).anyMatch(done -> done.way() == ReclaimWay.COMPACT);
    assertThat(Store.dump(database)).isEqualTo(Store.dump(mirror));
    assertThat(Store.schema(database)).containsExactlyInAnyOrderElementsOf(schema);
    assertThat(database.query("SELECT twice + thrice FROM derived WHERE id = 9"))
        .isEqualTo(mirror.query("SELECT twice + thrice FROM derived WHERE id = 9"));
    Store.isWhole(database);
    assertThat(report.gained()).isPositive();
    assertThat(Files.size(database.file())).isLessThan((long) (0.75 * before));
    database.execute("DELETE FROM ids WHERE id = (SELECT max(id) FROM ids)");
    assertThat(database.query("SELECT count(*) FROM notes WHERE id = (SELECT max(id) FROM notes)"))
        .containsExactly("1");
  }

  @Test
  void theFileCanShrinkInStepsFromThenOn() {
    SqliteTestDatabase database = Store.make(folder, "store.db");
    Map<String, List<String>> rows = Store.dump(database);
    compact(database, new ReclaimRequest(Optional.empty(), true, true), WorkListener.NONE);
    assertThat(database.query("PRAGMA auto_vacuum")).containsExactly("2");
    assertThat(Store.dump(database)).isEqualTo(rows);
    database.execute("DELETE FROM ids WHERE id > 500");
    ReclaimReport report = compact(database, ReclaimRequest.DEFAULT, WorkListener.NONE);
    assertThat(report.done()).extracting(ReclaimReport.Done::way).contains(ReclaimWay.INCREMENTAL);
    assertThat(database.query("PRAGMA freelist_count")).containsExactly("0");
    assertThat(report.gained()).isGreaterThan(500_000);
    Store.isWhole(database);
  }

  private static void isDiscarded(
      SqliteTestDatabase database, String step, Runnable change, String why) {
    Doing doing = new Doing(step, change);
    assertThatThrownBy(() -> compact(database, ONLINE, doing))
        .isInstanceOfSatisfying(
            TidelineException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.COMPACTION_DISCARDED);
              assertThat(e.what()).contains(why);
              assertThat(e.state()).isEqualTo("The copy was discarded; the database is unchanged.");
            });
    assertThat(doing.done()).isTrue();
    Store.isWhole(database);
  }

  @Test
  void aRowThatReplaceTookAwayUnseenIsNoticed() {
    SqliteTestDatabase database = Store.make(folder, "store.db");
    database.execute(
        "CREATE TABLE twofold (id INTEGER PRIMARY KEY, u UNIQUE)",
        "INSERT INTO twofold VALUES (1, 'a'), (2, 'b')");
    isDiscarded(
        database,
        "compaction-copied",
        () -> database.execute("REPLACE INTO twofold VALUES (3, 'a')"),
        "has no place in it");
    assertThat(database.query("SELECT id FROM twofold ORDER BY id")).containsExactly("2", "3");
    isDiscarded(
        database,
        "compaction-compared",
        () ->
            database.execute(
                "REPLACE INTO twofold VALUES (4, 'b')", "UPDATE twofold SET u = 'c' WHERE id = 4"),
        "twofold has 2 rows and the copy 3");
    assertThat(database.query("SELECT id || u FROM twofold ORDER BY id"))
        .containsExactly("3a", "4c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"compaction-copied", "compaction-compared"})
  void aChangeOfTheSchemaIsNoticed(String step) {
    SqliteTestDatabase database = Store.make(folder, "store.db");
    isDiscarded(
        database,
        step,
        () -> database.execute("CREATE TABLE another (id INTEGER PRIMARY KEY)"),
        "somebody changed the schema meanwhile");
    assertThat(database.count("another")).isZero();
  }

  @Test
  void whatFailsUnderTheLockIsRolledBack() {
    SqliteTestDatabase database = Store.make(folder, "store.db");
    Map<String, List<String>> rows = Store.dump(database);
    Runnable fail =
        () -> {
          throw new IllegalStateException("asked for");
        };
    for (String step :
        List.of("compaction-locked", "compaction-finished", "compaction-coming-home")) {
      assertThatThrownBy(() -> compact(database, ONLINE, new Doing(step, fail)))
          .hasMessage("asked for");
      Store.isWhole(database);
      assertThat(Store.dump(database)).isEqualTo(rows);
    }
  }

  @Test
  void whatCannotBeFollowedIsRefused() {
    SqliteTestDatabase database = Store.make(folder, "store.db");
    database.execute("CREATE TABLE keyless (v)");
    ReclaimRequest byName = new ReclaimRequest(Optional.of(ReclaimWay.COMPACT), false, false);
    assertThatThrownBy(() -> compact(database, byName, WorkListener.NONE))
        .isInstanceOfSatisfying(
            TidelineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.RECLAIM_IMPOSSIBLE))
        .hasMessageContaining("Rows of a table without a primary key cannot be told apart")
        .hasMessageContaining("keyless");
    database.execute("DROP TABLE keyless", "CREATE VIRTUAL TABLE words USING fts5(w)");
    assertThatThrownBy(() -> compact(database, byName, WorkListener.NONE))
        .hasMessageContaining("A virtual table's changes cannot be followed: words.");
    database.execute("DROP TABLE words", "INSERT INTO texts VALUES (NULL, 1, 'x')");
    assertThatThrownBy(() -> compact(database, byName, WorkListener.NONE))
        .hasMessageContaining("A primary key of texts holds NULL");
    database.execute(
        "DELETE FROM texts WHERE k IS NULL",
        "CREATE TABLE theirs (id INTEGER PRIMARY KEY, v TEXT)",
        "CREATE INDEX by_v ON theirs (v)",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX by_v ON theirs (v COLLATE its_own)'"
            + " WHERE name = 'by_v'");
    assertThatThrownBy(() -> compact(database, byName, WorkListener.NONE))
        .isInstanceOfSatisfying(
            TidelineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.RECLAIM_IMPOSSIBLE))
        .hasMessageContaining("SQLite cannot check it: no such collation sequence: its_own.")
        .hasMessageContaining("Let a program run VACUUM that has the application's collations");
    database.execute(
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX by_v ON theirs (v)' WHERE name = 'by_v'");
    database.execute("DROP TABLE theirs", "PRAGMA journal_mode = DELETE");
    assertThatThrownBy(() -> compact(database, byName, WorkListener.NONE))
        .hasMessageContaining("It needs a write-ahead log");
    Store.isWhole(database);
  }

  @Test
  void aFullDiskLeavesTheFileAsItWas() throws IOException {
    Path mount = Files.createDirectories(folder.resolve("small"));
    try (FullDisk disk = FullDisk.mount(mount, 24 << 10)) {
      SqliteTestDatabase database = Store.make(disk.folder(), "store.db");
      database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      Map<String, List<String>> rows = Store.dump(database);
      disk.fillBut(600 << 10);
      assertThatThrownBy(() -> compact(database, ONLINE, WorkListener.NONE))
          .hasMessageContaining("MB must be free where");
      disk.empty();
      for (long free : List.of(700L << 10, 3500L << 10)) {
        Doing doing = new Doing("tidied", () -> {});
        Doing filling = new Doing("compaction-capturing", () -> disk.fillBut(free));
        assertThatThrownBy(() -> compact(database, ONLINE, filling))
            .isInstanceOfSatisfying(
                TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
        assertThat(doing.done()).isFalse();
        Store.isWhole(database);
        assertThat(Store.dump(database)).isEqualTo(rows);
        disk.empty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compaction-capturing",
        "compaction-copied",
        "compaction-caught-up",
        "compaction-compared",
        "compaction-locked",
        "compaction-finished",
        "compaction-coming-home",
        "compaction-brought-home",
        "compaction-tidied"
      })
  void aKillLeavesTheDatabaseAsUsableAsBefore(String step) {
    SqliteTestDatabase database = Store.make(folder, "store.db");
    Map<String, List<String>> rows = Store.dump(database);
    List<String> schema = Store.schema(database);
    assertThat(Forked.killedAt("compact", step, folder)).as(step).isTrue();

    assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(Store.dump(database)).isEqualTo(rows);
    database.execute(
        "INSERT INTO exact VALUES (9000, 'after')", "DELETE FROM exact WHERE id = 9000");

    try (Reclaim reclaim = Reclaim.open(Forked.settings(folder), Clock.systemUTC())) {
      ReclaimReport report = reclaim.tidy();
      assertThat(report.removed().isEmpty()).isEqualTo(step.equals("compaction-tidied"));
    }
    Store.isWhole(database);
    assertThat(Store.dump(database)).isEqualTo(rows);
    assertThat(Store.schema(database)).containsExactlyInAnyOrderElementsOf(schema);
  }
}
