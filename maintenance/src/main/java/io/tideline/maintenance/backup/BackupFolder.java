package io.tideline.maintenance.backup;

import io.tideline.core.archive.Storage;
import io.tideline.core.guard.Backup;
import io.tideline.core.guard.BackupRecords;
import io.tideline.core.guard.BackupRecords.Entry;
import io.tideline.dialect.SourceIdentity;
import io.tideline.run.WorkListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of backups and what the archive tells of them. A backup is recorded as unverified before
 * it gets its name and as verified afterwards; an old one loses its name before its record. So
 * whatever a kill leaves, no record that counts tells of a backup that is not there.
 */
final class BackupFolder {
  static final String PARTIAL = ".partial";
  private static final String REMOVING = ".removing";

  private final Path folder;
  private final BackupRecords records;
  private final Storage storage;
  private final SourceIdentity source;
  private final WorkListener listener;

  BackupFolder(
      Path folder,
      BackupRecords records,
      Storage storage,
      SourceIdentity source,
      WorkListener listener) {
    this.folder = folder;
    this.records = records;
    this.storage = storage;
    this.source = source;
    this.listener = listener;
  }

  /** Finishes or removes what a kill left; the folder is locked, so that nobody works on it. */
  void settle(String prefix) throws IOException {
    for (Entry entry : own()) {
      if (!entry.backup().verified()) {
        settle(entry);
      }
    }
    for (Path file : named(prefix)) {
      String name = file.getFileName().toString();
      if (name.endsWith(REMOVING)) {
        String was = name.substring(0, name.length() - REMOVING.length());
        own().stream()
            .filter(entry -> entry.backup().place().equals(folder.resolve(was).toString()))
            .forEach(records::remove);
        storage.delete(file);
      } else if (name.endsWith(PARTIAL) || name.contains(PARTIAL + "-")) {
        storage.delete(file);
      }
    }
  }

  /** It was whole when its record was written; damage since then shows in its digest. */
  private void settle(Entry entry) throws IOException {
    Path file = Path.of(entry.backup().place());
    if (!Files.exists(file)) {
      records.remove(entry);
    } else if (Digests.of(file, listener).equals(entry.backup().sha256())) {
      records.mark(entry, true);
    }
  }

  /** Gives a complete backup its name and its record. */
  void keep(Path partial, Path file, String name, Backup unverified) throws IOException {
    Entry entry = records.write(name, unverified);
    listener.stepped("backup-recorded");
    storage.rename(partial, file);
    storage.syncFolder(folder);
    listener.stepped("backup-named");
    records.mark(entry, true);
    listener.stepped("backup-verified");
  }

  /**
   * Removes verified backups of this folder but the newest.
   *
   * @return the files that went
   */
  List<Path> rotate(int keep) throws IOException {
    List<Entry> verified =
        own().stream()
            .filter(entry -> entry.backup().verified())
            .filter(entry -> Files.exists(Path.of(entry.backup().place())))
            .sorted(Comparator.comparing((Entry entry) -> entry.backup().at()).reversed())
            .toList();
    List<Path> gone = new ArrayList<>();
    for (Entry entry : verified.subList(Math.min(keep, verified.size()), verified.size())) {
      Path file = Path.of(entry.backup().place());
      Path removing = file.resolveSibling(file.getFileName() + REMOVING);
      storage.rename(file, removing);
      storage.syncFolder(folder);
      listener.stepped("backup-unnamed");
      records.remove(entry);
      storage.delete(removing);
      gone.add(file);
    }
    return gone;
  }

  /** The records of backups of this database in this folder. */
  private List<Entry> own() {
    return records.all().stream()
        .filter(entry -> entry.backup().source().sameAs(source))
        .filter(
            entry ->
                entry.backup().place().startsWith(folder + folder.getFileSystem().getSeparator()))
        .filter(entry -> folder.equals(Path.of(entry.backup().place()).getParent()))
        .toList();
  }

  private List<Path> named(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }
}
