package io.tideline.maintenance.backup;

import io.tideline.core.Databases;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.Storage;
import io.tideline.core.guard.Backup;
import io.tideline.core.guard.BackupRecords;
import io.tideline.core.guard.BackupRecords.Entry;
import io.tideline.core.ledger.Belonging;
import io.tideline.core.ledger.Ledger;
import io.tideline.core.ledger.SealedManifests;
import io.tideline.core.work.Preconditions;
import io.tideline.core.work.RunId;
import io.tideline.dialect.BackupFiles;
import io.tideline.dialect.BackupTask;
import io.tideline.dialect.Database;
import io.tideline.dialect.Lease;
import io.tideline.dialect.SourceIdentity;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.BackupPlace;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The backups of one database: make, list, verify, restore. None of it takes the run's lease. Not
 * thread-safe, but for {@link #stop}.
 */
public final class BackupStore {
  private final Settings settings;
  private final Clock clock;
  private final Storage storage;
  private final ArchiveFolder archive;
  private final BackupRecords records;
  private final BackupFiles files;
  private final AtomicBoolean stopping = new AtomicBoolean();

  /** The backups of the database that settings name. */
  public BackupStore(Settings settings, Clock clock) {
    this(settings, clock, new Storage());
  }

  /** As the other, with another way to write files. */
  public BackupStore(Settings settings, Clock clock, Storage storage) {
    this.settings = settings;
    this.clock = clock;
    this.storage = storage;
    this.archive = new ArchiveFolder(settings.archive(), storage);
    this.records = new BackupRecords(archive);
    this.files = Databases.dialect(settings.database()).backupFiles(settings.database());
  }

  /** Asks a backup to end soon, without one; any thread may call it. */
  public void stop() {
    stopping.set(true);
  }

  /**
   * Makes a backup beside live traffic, reads it again, records it in the archive and removes older
   * ones that the settings do not keep.
   *
   * @param to the folder; that of the settings if empty
   * @throws TidelineException {@code ARGUMENT_INVALID} if no folder is named, {@code DISK_FULL},
   *     {@code INTERRUPTED}, {@code BACKUP_IMPOSSIBLE}, {@code BACKUP_CORRUPT}: no backup was made
   *     then, and nothing of it stays
   */
  public BackupReport make(Optional<Path> to, WorkListener listener) {
    Path folder = folder(to);
    try (Database database = Databases.open(settings.database())) {
      Preconditions.clock(database, clock);
      new Belonging(
              archive,
              new Ledger(settings.state(), archive),
              new SealedManifests(settings.state(), archive),
              clock)
          .check(Optional.of(database));
      SourceIdentity source = identity(database);
      storage.createFolder(folder);
      try (FolderLock lock = FolderLock.acquire(folder)) {
        return make(database, source, folder, listener);
      }
    } catch (IOException e) {
      throw BackupFailure.writing(folder, e);
    }
  }

  private BackupReport make(
      Database database, SourceIdentity source, Path folder, WorkListener listener)
      throws IOException {
    BackupFolder backups = new BackupFolder(folder, records, storage, source, listener);
    String prefix = name(database) + "-";
    List<String> notes = new ArrayList<>(settle(backups, prefix));
    long needed = database.backupBytes();
    long free = storage.usableBytes(folder);
    if (free < needed) {
      throw BackupFailure.noRoom(folder, needed, free);
    }
    Instant at = Instant.now(clock);
    String name = prefix + RunId.at(at);
    Path file = folder.resolve(name + files.ending());
    Path partial = folder.resolve(file.getFileName() + BackupFolder.PARTIAL);
    try {
      storage.create(partial).close();
      database.backUp(new BackupTask(partial, stopping::get, listener));
      storage.sync(partial);
      listener.stepped("backup-copied");
      String contents = files.check(partial);
      String sha256 = Digests.of(partial, listener);
      long bytes = Files.size(partial);
      Entry made =
          backups.keep(
              partial,
              file,
              name,
              new Backup(Manifest.VERSION, at, false, source, file.toString(), sha256));
      BackupFolder.Rotation rotation =
          settings
              .backups()
              .map(place -> backups.rotate(place.keep(), made))
              .orElse(BackupFolder.Rotation.NONE);
      notes.addAll(rotation.notes());
      return new BackupReport(file, bytes, at, sha256, contents, rotation.removed(), notes);
    } catch (IOException | RuntimeException e) {
      discard(backups, prefix, e);
      throw e;
    }
  }

  private List<String> settle(BackupFolder backups, String prefix) throws IOException {
    return backups.settle(prefix, files.ending(), Instant.now(clock));
  }

  /** What failed half-way is worth nothing, and may have filled the disk. */
  private void discard(BackupFolder backups, String prefix, Exception failure) {
    try {
      settle(backups, prefix).forEach(note -> failure.addSuppressed(new IOException(note)));
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private Path folder(Optional<Path> to) {
    return to.or(() -> settings.backups().map(BackupPlace::to))
        .map(path -> path.toAbsolutePath().normalize())
        .orElseThrow(
            () ->
                new TidelineException(
                    ErrorCode.ARGUMENT_INVALID,
                    "Cannot back up: no folder is named for it.",
                    "Nothing was changed.",
                    "Give --to FOLDER, or write 'backup: {to: ./backups}' into the file."));
  }

  /** A database that never had a lease has no identity yet; taking one gives it one. */
  private static SourceIdentity identity(Database database) {
    Optional<SourceIdentity> known = database.identity();
    if (known.isPresent()) {
      return known.get();
    }
    try (Lease lease = database.acquireLease()) {
      return lease.identity();
    }
  }

  /** The database's own name, of signs that every file system takes. */
  private static String name(Database database) {
    String place = database.info().place().replace('\\', '/');
    String name = place.substring(place.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
    int point = name.lastIndexOf('.');
    String stem = point > 0 ? name.substring(0, point) : name;
    return stem.isEmpty() ? "database" : stem;
  }

  /** The backups that the archive tells of, the oldest first. */
  public List<StoredBackup> list() {
    return records.all().stream().map(entry -> StoredBackup.of(entry.backup())).toList();
  }

  /**
   * Reads a backup again. One that is damaged or gone does not count for guards any more; one that
   * is found whole does again.
   *
   * @param file the newest that is recorded as verified, if empty
   * @throws TidelineException {@code BACKUP_CORRUPT}; {@code ARGUMENT_INVALID} if there is none
   */
  public CheckedBackup verify(Optional<Path> file, WorkListener listener) {
    Path chosen = file.orElseGet(this::newest).toAbsolutePath().normalize();
    Optional<Entry> entry = entry(chosen);
    try {
      String sha256 = Digests.of(chosen, listener);
      requireSame(chosen, entry, sha256);
      String contents = files.check(chosen);
      entry.filter(each -> !each.backup().verified()).ifPresent(each -> records.mark(each, true));
      return new CheckedBackup(chosen, Files.size(chosen), sha256, entry.isPresent(), contents);
    } catch (IOException e) {
      entry.ifPresent(each -> records.mark(each, false));
      throw BackupFailure.unreadable(chosen, e);
    } catch (TidelineException e) {
      if (e.code() == ErrorCode.BACKUP_CORRUPT) {
        entry.ifPresent(each -> records.mark(each, false));
      }
      throw e;
    }
  }

  private static void requireSame(Path file, Optional<Entry> entry, String sha256) {
    if (entry.filter(each -> !each.backup().sha256().equals(sha256)).isPresent()) {
      throw BackupFailure.damaged(file, "its SHA-256 is not the one that was recorded");
    }
  }

  private Path newest() {
    List<Entry> verified =
        records.all().stream().filter(entry -> entry.backup().verified()).toList();
    if (verified.isEmpty()) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot verify a backup: the archive tells of none.",
          "Nothing was changed.",
          "Make one with `tideline backup`, or name a file.");
    }
    Instant now = Instant.now(clock);
    List<Entry> past =
        verified.stream().filter(entry -> !entry.backup().at().isAfter(now)).toList();
    List<Entry> chosen = past.isEmpty() ? verified : past; // a clock that was wrong dates ahead
    return Path.of(chosen.get(chosen.size() - 1).backup().place());
  }

  private Optional<Entry> entry(Path file) {
    return records.all().stream()
        .filter(entry -> entry.backup().place().equals(file.toString()))
        .findFirst();
  }

  /**
   * Makes a new database of a backup; the backup and the source stay as they are.
   *
   * @param target the new file
   * @return what was found in it, for a person
   * @throws TidelineException {@code BACKUP_IMPOSSIBLE} if anything is at the target, {@code
   *     BACKUP_CORRUPT}, {@code DISK_FULL}: nothing stays there then
   */
  public CheckedBackup restore(Path file, Path target, WorkListener listener) {
    return new BackupRestore(files, storage, clock, listener)
        .restore(
            file.toAbsolutePath().normalize(),
            target.toAbsolutePath().normalize(),
            entry(file.toAbsolutePath().normalize()).map(entry -> entry.backup().sha256()));
  }
}
