package io.tideline.testkit.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.Table;
import io.tideline.core.Databases;
import io.tideline.core.archive.Storage;
import io.tideline.dialect.Database;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.backup.BackupReport;
import io.tideline.maintenance.backup.BackupStore;
import io.tideline.maintenance.backup.StoredBackup;
import io.tideline.policy.BackupPlace;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.testkit.SqliteTestDatabase;
import io.tideline.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the way of a backup or of a restore: files of others, damage, clocks, rights. */
class BackupTroublesTest {
  private static final String ID = "20260101T000000000Z-0a1b2c";
  private static final String CAPTURE =
      "SELECT name FROM sqlite_schema WHERE name LIKE 'tideline%' ORDER BY 1";

  @TempDir Path folder;
  private Path backups;
  private SqliteTestDatabase database;

  @BeforeEach
  void make() throws IOException {
    backups = Files.createDirectories(folder.resolve("backups"));
    database = SqliteTestDatabase.create(folder, "store.db");
    database.execute(
        "PRAGMA journal_mode = wal",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT)",
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
            + " INSERT INTO a SELECT i, hex(randomblob(100)) FROM n");
  }

  private BackupStore store(Clock clock, Storage storage) {
    return new BackupStore(Forked.settings(folder), clock, storage);
  }

  private BackupStore store() {
    return store(Clock.systemUTC(), new Storage());
  }

  private static BackupReport backUp(BackupStore store) {
    return store.make(Optional.empty(), WorkListener.NONE);
  }

  private static Clock ago(Duration span) {
    return Clock.offset(Clock.systemUTC(), span.negated());
  }

  private Path file(String name) throws IOException {
    return Files.writeString(backups.resolve(name), "another's");
  }

  @Test
  void onlyItsOwnRestsGo() throws IOException {
    Path film = file("store-2.mp4.partial");
    Path notes = file("store-notes.partial-1");
    Path removing = file("store-old.removing");
    Path other = file("store-x-" + ID + ".db.partial");
    Path rest = file("store-" + ID + ".db.partial");
    Path journal = file("store-" + ID + ".db.partial-journal");
    backUp(store());
    assertThat(film).exists();
    assertThat(notes).exists();
    assertThat(removing).exists();
    assertThat(other).exists();
    assertThat(rest).doesNotExist();
    assertThat(journal).doesNotExist();
  }

  @Test
  void theRestOfAnotherDatabaseIsLeftToIt() throws IOException {
    SqliteTestDatabase other = SqliteTestDatabase.create(folder, "store-x.db");
    other.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)");
    Settings settings =
        Settings.of(other.url(), folder.resolve("archive-x"), List.of())
            .withBackups(new BackupPlace(backups, 1));
    BackupStore its = new BackupStore(settings, Clock.systemUTC());
    Path first = backUp(its).file();
    Path removing = Files.move(first, first.resolveSibling(first.getFileName() + ".removing"));

    backUp(store());
    assertThat(removing).exists();
    assertThat(its.list()).hasSize(1);

    Path next = backUp(its).file();
    assertThat(removing).doesNotExist();
    assertThat(its.list()).extracting(StoredBackup::place).containsExactly(next.toString());
  }

  @Test
  void oneThatCannotBeReadHindersNoOther() throws IOException {
    Path file = backUp(store()).file();
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    Files.createDirectory(file);
    assertThatThrownBy(() -> store().verify(Optional.empty(), WorkListener.NONE))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_CORRUPT));
    Path next = backUp(store()).file();
    assertThat(store().list()).extracting(StoredBackup::verified).containsExactly(false, true);

    Files.delete(file);
    Files.write(file, bytes);
    assertThat(store().verify(Optional.of(file), WorkListener.NONE).recorded()).isTrue();
    assertThat(store().list()).extracting(StoredBackup::verified).containsExactly(true, true);
    Path last = backUp(store()).file();
    assertThat(store().list()).extracting(StoredBackup::place).containsExactly(last.toString());
    assertThat(next).doesNotExist();
  }

  @Test
  void whatADiskHeldThatWasAwayIsKnownWhenItIsBack() throws IOException {
    Path file = backUp(store()).file();
    Path away = Files.move(backups, folder.resolve("away"));
    assertThatThrownBy(() -> store().verify(Optional.of(file), WorkListener.NONE))
        .isInstanceOf(TidelineException.class);
    Path first = backUp(store()).file();
    Path second = backUp(store()).file();
    assertThat(first).doesNotExist();
    assertThat(store().list())
        .extracting(StoredBackup::place)
        .containsExactlyInAnyOrder(file.toString(), second.toString());

    Path other = Files.move(backups, folder.resolve("other"));
    Files.move(away, backups);
    assertThat(store().verify(Optional.of(file), WorkListener.NONE).recorded()).isTrue();
    Path last = backUp(store()).file();
    assertThat(store().list())
        .extracting(StoredBackup::place)
        .containsExactlyInAnyOrder(second.toString(), last.toString());
    assertThat(file).doesNotExist();
    assertThat(other.resolve(second.getFileName())).exists();
  }

  @Test
  void anOldOneThatCannotBeRemovedIsANote() {
    BackupReport first = backUp(store());
    Storage unable =
        new Storage() {
          @Override
          public void rename(Path from, Path to) throws IOException {
            if (to.toString().endsWith(".removing")) {
              throw new IOException("Operation not permitted");
            }
            super.rename(from, to);
          }
        };
    BackupReport second = backUp(store(Clock.systemUTC(), unable));
    assertThat(second.removed()).isEmpty();
    assertThat(second.notes())
        .singleElement()
        .asString()
        .startsWith("Cannot tidy away " + first.file() + " yet: the next backup tries again.")
        .contains("Operation not permitted");
    assertThat(store().list()).hasSize(2).allMatch(each -> each.verified() && each.there());

    Storage keepsRecords =
        new Storage() {
          @Override
          public void delete(Path file) throws IOException {
            if (file.toString().endsWith(".json")) {
              throw new IOException("No space left on device");
            }
            super.delete(file);
          }
        };
    BackupReport third = backUp(store(Clock.systemUTC(), keepsRecords));
    assertThat(third.notes()).isNotEmpty();
    BackupReport fourth = backUp(store());
    assertThat(fourth.notes()).isEmpty();
    assertThat(store().list())
        .singleElement()
        .satisfies(each -> assertThat(each.place()).isEqualTo(fourth.file().toString()));
    assertThat(backups)
        .isDirectoryNotContaining(
            each -> each.toString().endsWith(".db") && !each.equals(fourth.file()));
  }

  @Test
  void aClockThatWasWrongRemovesNothingNew() {
    BackupReport future = backUp(store());
    BackupReport first = backUp(store(ago(Duration.ofHours(48)), new Storage()));
    assertThat(first.file()).exists();
    assertThat(first.notes())
        .containsExactly(future.file() + " is dated later than now, and is left alone.");
    Clock later = ago(Duration.ofHours(24));
    BackupReport second = backUp(store(later, new Storage()));
    assertThat(second.removed()).containsExactly(first.file());
    assertThat(second.file()).exists();
    assertThat(future.file()).exists();
    assertThat(store(later, new Storage()).verify(Optional.empty(), WorkListener.NONE).file())
        .isEqualTo(second.file());
  }

  @Test
  void aRestoreTouchesNoFileButItsOwn() throws IOException {
    BackupReport report = backUp(store());
    Path target = folder.resolve("new.db");
    Path partial = Files.writeString(folder.resolve("new.db.partial"), "mine");
    store().restore(report.file(), target, WorkListener.NONE);
    assertThat(partial).hasContent("mine");
    assertThat(target).hasSameBinaryContentAs(report.file());
    Files.delete(target);
    Files.delete(partial);

    Storage late =
        new Storage() {
          @Override
          public void renameNew(Path from, Path to) throws IOException {
            Files.writeString(to, "theirs");
            super.renameNew(from, to);
          }
        };
    assertThatThrownBy(
            () -> store(Clock.systemUTC(), late).restore(report.file(), target, WorkListener.NONE))
        .hasMessageContaining("Cannot make a database at " + target + ": " + target + " is there");
    assertThat(target).hasContent("theirs");
    Files.delete(target);
    assertThatThrownBy(() -> store().restore(folder.resolve("none.db"), target, WorkListener.NONE))
        .hasMessageContaining("Cannot read " + folder.resolve("none.db"));
    assertThat(folder).isDirectoryNotContaining("glob:**/new.db*");
  }

  @Test
  void noBackupKeepsWhatACompactionPutThere() throws Exception {
    database.execute(
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
            + " INSERT INTO a SELECT 1000 + i, zeroblob(1000) FROM n",
        "DELETE FROM a WHERE id > 1000");
    Map<String, String> before = fingerprints();
    assertThat(Forked.killedAt("compact", "compaction-capturing", folder)).isTrue();
    assertThat(database.query(CAPTURE)).isNotEmpty();
    assertThat(fingerprints()).containsAllEntriesOf(before);

    BackupReport report = backUp(store());
    Path restored = folder.resolve("restored.db");
    store().restore(report.file(), restored, WorkListener.NONE);
    try (Connection copy = DriverManager.getConnection("jdbc:sqlite:" + restored)) {
      assertThat(TestDatabase.query(copy, CAPTURE)).isEmpty();
      assertThat(TestDatabase.query(copy, "SELECT count(*) FROM a")).containsExactly("100");
      assertThat(TestDatabase.query(copy, "PRAGMA journal_mode")).containsExactly("wal");
    }
    try (Stream<Path> files = Files.list(backups)) {
      assertThat(files.filter(file -> !file.toString().endsWith(".lock")))
          .containsExactly(report.file());
    }
    assertThat(database.query(CAPTURE)).isNotEmpty();
  }

  private Map<String, String> fingerprints() {
    try (Database opened = Databases.open(Forked.settings(folder).database())) {
      return opened.catalogue().tables().stream()
          .collect(Collectors.toMap(table -> table.name().name(), Table::fingerprint));
    }
  }
}
