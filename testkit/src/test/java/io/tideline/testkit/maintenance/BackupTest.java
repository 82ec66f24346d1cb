package io.tideline.testkit.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.core.archive.Storage;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.backup.BackupReport;
import io.tideline.maintenance.backup.BackupStore;
import io.tideline.maintenance.backup.CheckedBackup;
import io.tideline.maintenance.backup.StoredBackup;
import io.tideline.policy.BackupPlace;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Require;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.policy.Terms;
import io.tideline.run.RunListener;
import io.tideline.run.WorkListener;
import io.tideline.testkit.FullDisk;
import io.tideline.testkit.SqliteTestDatabase;
import io.tideline.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups of SQLite: of one moment, read again, recorded, rotated, brought back. */
class BackupTest {
  @TempDir Path folder;
  private SqliteTestDatabase database;
  private Settings settings;

  @BeforeEach
  void make() {
    database = SqliteTestDatabase.create(folder, "store.db");
    database.execute(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, at TEXT, v BLOB)",
        "CREATE TABLE b (id INTEGER PRIMARY KEY, v TEXT)",
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
            + " INSERT INTO a SELECT i, '2020-01-01', randomblob(900) FROM n",
        "INSERT INTO b SELECT id, 'v' FROM a");
    settings = Forked.settings(folder);
  }

  private BackupStore store() {
    return new BackupStore(settings, Clock.systemUTC());
  }

  private BackupReport backUp() {
    return store().make(Optional.empty(), WorkListener.NONE);
  }

  private List<String> backups() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("backups"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".lock"))
          .sorted()
          .toList();
    }
  }

  /** Rows come in pairs, one to each table in one transaction. */
  private Thread writer(AtomicBoolean ended) {
    Thread thread =
        new Thread(
            () -> {
              try (Connection connection = database.connect();
                  Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                for (int i = 10_000; !ended.get(); i++) {
                  statement.execute("INSERT INTO a VALUES (" + i + ", '', randomblob(900))");
                  statement.execute("INSERT INTO b VALUES (" + i + ", 'w')");
                  connection.commit();
                  Thread.sleep(1);
                }
              } catch (SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    return thread;
  }

  @ParameterizedTest
  @ValueSource(strings = {"wal", "delete"})
  void itHoldsOneMomentWhateverIsWritten(String journal) throws Exception {
    database.execute("PRAGMA journal_mode = " + journal);
    AtomicBoolean ended = new AtomicBoolean();
    Thread writer = writer(ended);
    BackupReport report;
    try {
      report = backUp();
    } finally {
      ended.set(true);
      writer.join();
    }
    Path restored = folder.resolve("restored.db");
    CheckedBackup made = store().restore(report.file(), restored, WorkListener.NONE);

    assertThat(made.contents()).isEqualTo("2 tables, integrity_check ok");
    assertThat(made.recorded()).isTrue();
    try (Connection copy = DriverManager.getConnection("jdbc:sqlite:" + restored)) {
      assertThat(TestDatabase.query(copy, "PRAGMA journal_mode")).containsExactly(journal);
      long rows = Long.parseLong(TestDatabase.query(copy, "SELECT count(*) FROM a").get(0));
      assertThat(rows).isGreaterThanOrEqualTo(3000);
      assertThat(TestDatabase.query(copy, "SELECT count(*) FROM b JOIN a USING (id)"))
          .containsExactly(String.valueOf(rows));
      assertThat(TestDatabase.query(copy, "SELECT count(*) FROM b"))
          .containsExactly(String.valueOf(rows));
      assertThat(TestDatabase.query(copy, "PRAGMA integrity_check")).containsExactly("ok");
    }
    assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void theNewestStayAndOldOnesGoWithTheirRecords() throws IOException {
    settings = settings.withBackups(new BackupPlace(folder.resolve("backups"), 2));
    Files.createDirectories(folder.resolve("backups"));
    Files.writeString(folder.resolve("backups/store-notes.txt"), "mine");
    List<BackupReport> reports = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      reports.add(backUp());
    }
    assertThat(reports.get(3).removed()).containsExactly(reports.get(1).file());
    List<String> kept = List.of(reports.get(2).file().toString(), reports.get(3).file().toString());
    assertThat(store().list()).extracting(StoredBackup::place).isEqualTo(kept);
    assertThat(store().list()).allMatch(each -> each.verified() && each.there());
    assertThat(backups()).hasSize(3).contains("store-notes.txt");
    assertThat(store().verify(Optional.empty(), WorkListener.NONE).file())
        .isEqualTo(reports.get(3).file());
  }

  private boolean forbidden() {
    Policy policy = Policy.of("old", "a").time("at").retain(Duration.ofDays(1)).build();
    Require require =
        new Require(
            Optional.of(Duration.ofHours(1)), Optional.empty(), Optional.empty(), Optional.empty());
    Settings guarded =
        Settings.of(database.url(), folder.resolve("archive"), List.of(policy))
            .withTerms(Terms.of(Pace.OFFLINE).withRequire(require), Map.of());
    try (Tideline tideline = Tideline.open(guarded)) {
      return tideline.plan(Selection.all(), RunListener.NONE).policies().get(0).findings().stream()
          .anyMatch(finding -> finding.code().equals("guard"));
    }
  }

  @Test
  void theGuardCountsWhatIsWholeOnly() throws IOException {
    assertThat(forbidden()).isTrue();
    BackupReport report = backUp();
    assertThat(forbidden()).isFalse();

    byte[] bytes = Files.readAllBytes(report.file());
    bytes[bytes.length / 2] ^= 1;
    Files.write(report.file(), bytes);
    assertThatThrownBy(() -> store().verify(Optional.empty(), WorkListener.NONE))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_CORRUPT))
        .hasMessageContaining("its SHA-256 is not the one that was recorded");
    assertThat(forbidden()).isTrue();
    Path target = folder.resolve("new.db");
    assertThatThrownBy(() -> store().restore(report.file(), target, WorkListener.NONE))
        .hasMessageContaining("its SHA-256 is not the one that was recorded");
    assertThat(folder)
        .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("new.db"));

    backUp();
    assertThat(forbidden()).isFalse();
  }

  @Test
  void aRestoreOverwritesNothing() throws IOException {
    BackupReport report = backUp();
    Path log = folder.resolve("new.db-wal");
    Files.writeString(log, "another's");
    assertThatThrownBy(
            () -> store().restore(report.file(), folder.resolve("new.db"), WorkListener.NONE))
        .hasMessageContaining("Cannot make a database at " + folder.resolve("new.db") + ": " + log)
        .hasMessageContaining("Name a new file, or move that one away.");
    assertThatThrownBy(() -> store().restore(report.file(), database.file(), WorkListener.NONE))
        .hasMessageContaining("is there");
    assertThat(database.count("a")).isEqualTo(3000);
  }

  @Test
  void itNeedsAFolderAndRoom() {
    Settings without = Settings.of(database.url(), folder.resolve("archive"), List.of());
    assertThatThrownBy(
            () ->
                new BackupStore(without, Clock.systemUTC())
                    .make(Optional.empty(), WorkListener.NONE))
        .hasMessageContaining("Cannot back up: no folder is named for it.");
    Storage full =
        new Storage() {
          @Override
          public long usableBytes(Path file) {
            return 1 << 20;
          }
        };
    assertThatThrownBy(
            () ->
                new BackupStore(settings, Clock.systemUTC(), full)
                    .make(Optional.empty(), WorkListener.NONE))
        .hasMessageContaining("MB are needed, and 1 MB are free.");
  }

  @Test
  void aDiskThatFillsUpKeepsNothingOfIt() throws IOException {
    Path mount = Files.createDirectories(folder.resolve("small"));
    try (FullDisk disk = FullDisk.mount(mount, 2048)) {
      Storage trusting =
          new Storage() {
            @Override
            public long usableBytes(Path file) {
              return Long.MAX_VALUE;
            }
          };
      BackupStore store = new BackupStore(settings, Clock.systemUTC(), trusting);
      assertThatThrownBy(() -> store.make(Optional.of(disk.folder()), WorkListener.NONE))
          .isInstanceOfSatisfying(
              TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
      try (Stream<Path> left = Files.list(disk.folder())) {
        assertThat(left.filter(file -> !file.toString().endsWith(".lock"))).isEmpty();
      }
      assertThat(store.list()).isEmpty();
    }
    assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void whoeverStopsItGetsNone() throws IOException {
    BackupStore store = store();
    store.stop();
    assertThatThrownBy(() -> store.make(Optional.empty(), WorkListener.NONE))
        .hasMessageContaining("it was told to stop")
        .hasMessageContaining("No backup was made");
    assertThat(backups()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "backup-copied",
        "backup-recorded",
        "backup-named",
        "backup-verified",
        "backup-unnamed"
      })
  void aKillLeavesNoRecordOfABackupThatIsNotThere(String step) throws IOException {
    backUp();
    assertThat(Forked.killedAt("backup", step, folder)).isTrue();
    assertThat(store().list()).filteredOn(StoredBackup::verified).isNotEmpty();

    BackupReport next = backUp();
    assertThat(backups()).containsExactly(next.file().getFileName().toString());
    assertThat(store().list())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.there()).isTrue();
              assertThat(each.verified()).isTrue();
            });
  }
}
