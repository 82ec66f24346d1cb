package io.tideline.core.guard;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Json;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.Storage;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What an archive's folder {@code backups} tells of backups, one small file each. */
public final class BackupRecords {
  private final ArchiveFolder archive;
  private final Path folder;
  private final Storage storage;

  /** The records of an archive. */
  public BackupRecords(ArchiveFolder archive) {
    this.archive = archive;
    this.folder = archive.root().resolve("backups");
    this.storage = archive.storage();
  }

  /**
   * A record.
   *
   * @param file where it stands
   * @param backup what it tells
   */
  public record Entry(Path file, Backup backup) {}

  /** Every record that can be read, that of the oldest backup first. */
  public List<Entry> all() {
    return files().stream()
        .flatMap(file -> read(file).map(backup -> new Entry(file, backup)).stream())
        .sorted(Comparator.comparing(entry -> entry.backup().at()))
        .toList();
  }

  /** Writes a record, durably and at once, in the place of one of that name. */
  public Entry write(String name, Backup backup) {
    Path file = folder.resolve(name + ".json");
    Path temporary = folder.resolve(name + ".json.tmp");
    archive.createFolder(folder);
    try {
      storage.delete(temporary);
      try (OutputStream out = storage.create(temporary)) {
        out.write(Json.pretty(backup).getBytes(StandardCharsets.UTF_8));
      }
      storage.sync(temporary);
      storage.replace(temporary, file);
      storage.syncFolder(folder);
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
    return new Entry(file, backup);
  }

  /** Says otherwise whether a backup was found whole. */
  public void mark(Entry entry, boolean verified) {
    Backup old = entry.backup();
    String name = entry.file().getFileName().toString();
    write(
        name.substring(0, name.length() - ".json".length()),
        new Backup(old.version(), old.at(), verified, old.source(), old.place(), old.sha256()));
  }

  /** Removes a record, durably; nothing if it is gone. */
  public void remove(Entry entry) {
    try {
      storage.delete(entry.file());
      storage.syncFolder(folder);
    } catch (IOException e) {
      throw ArchiveFailure.writing(entry.file(), e);
    }
  }

  /** What a record tells; empty if it is damaged or of a later version. */
  static Optional<Backup> read(Path file) {
    try {
      return Optional.of(Json.read(Files.readString(file), Backup.class, file.toString()))
          .filter(each -> each.version() <= Manifest.VERSION);
    } catch (IOException | TidelineException e) {
      return Optional.empty();
    }
  }

  List<Path> files() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw ArchiveFailure.reading(folder, e);
    }
  }
}
