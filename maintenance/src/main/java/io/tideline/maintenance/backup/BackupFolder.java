package io.tideline.maintenance.backup;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.Storage;
import io.tideline.core.guard.Backup;
import io.tideline.core.guard.BackupRecords;
import io.tideline.core.guard.BackupRecords.Entry;
import io.tideline.core.work.RunId;
import io.tideline.dialect.SourceIdentity;
import io.tideline.error.TidelineException;
import io.tideline.run.WorkListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder of backups and what the archive tells of them. A backup is recorded as unverified before
 * it gets its name and as verified afterwards; an old one loses its name, then counts no more, then
 * loses its record, and the file goes last. So whatever a kill leaves is known by a record or by
 * its name, and the next backup ends it.
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

  /**
   * Finishes or removes what a kill left; the folder is locked, so that nobody works on it. A file
   * that has not exactly the name of such a rest is another's.
   *
   * @param prefix what the names of the database's backups begin with
   * @param ending what they end with
   * @return what could not be done
   */
  List<String> settle(String prefix, String ending, Instant now) throws IOException {
    List<String> notes = new ArrayList<>();
    Instant newest =
        verified(now).map(entry -> entry.backup().at()).findFirst().orElse(Instant.MIN);
    for (Entry entry : own()) {
      attempt(file(entry), notes, () -> settle(entry, newest));
    }
    Pattern rest =
        Pattern.compile(
            Pattern.quote(prefix)
                + RunId.PATTERN
                + Pattern.quote(ending)
                + "("
                + Pattern.quote(PARTIAL)
                + "(-journal|-wal|-shm)?|"
                + Pattern.quote(REMOVING)
                + ")");
    Set<Path> recorded =
        own().stream().map(entry -> removing(file(entry))).collect(Collectors.toSet());
    for (Path file : files()) {
      if (rest.matcher(file.getFileName().toString()).matches() && !recorded.contains(file)) {
        attempt(file, notes, () -> storage.delete(file));
      }
    }
    return notes;
  }

  private interface Step {
    void take() throws IOException;
  }

  /** A rest that cannot be removed must not keep anybody from making backups. */
  private static boolean attempt(Path file, List<String> notes, Step step) {
    try {
      step.take();
      return true;
    } catch (IOException e) {
      notes.add(later(file, ArchiveFailure.writing(file, e)));
    } catch (TidelineException e) {
      notes.add(later(file, e));
    }
    return false;
  }

  private static String later(Path file, TidelineException failure) {
    return "Cannot tidy away " + file + " yet: the next backup tries again. " + failure.what();
  }

  /**
   * The folder's disk may be another one now, and hold backups that were made meanwhile: only an
   * earlier one that is there proves that it is not.
   */
  private boolean mounted(Entry entry) {
    Path file = file(entry);
    return Files.exists(file.resolveSibling(file.getFileName() + PARTIAL))
        || own().stream()
            .filter(other -> other.backup().at().isBefore(entry.backup().at()))
            .anyMatch(other -> Files.exists(file(other)));
  }

  /**
   * One that a kill kept from being marked is later than all that are verified. It was whole when
   * its record was written: damage since then shows in its digest. An earlier one was found
   * damaged, and is not read again and again.
   */
  private void settle(Entry entry, Instant newest) throws IOException {
    Path file = file(entry);
    if (Files.exists(removing(file))) {
      remove(entry);
    } else if (!entry.backup().verified() && !Files.exists(file)) {
      if (mounted(entry)) {
        records.remove(entry);
      }
    } else if (!entry.backup().verified() && entry.backup().at().isAfter(newest) && whole(entry)) {
      records.mark(entry, true);
    }
  }

  private boolean whole(Entry entry) {
    try {
      return Digests.of(file(entry), listener).equals(entry.backup().sha256());
    } catch (IOException e) {
      return false; // it cannot be read: it does not count, and hinders no other
    }
  }

  /** Gives a complete backup its name and its record. */
  Entry keep(Path partial, Path file, String name, Backup unverified) throws IOException {
    Entry entry = records.write(name, unverified);
    listener.stepped("backup-recorded");
    storage.rename(partial, file);
    storage.syncFolder(folder);
    listener.stepped("backup-named");
    records.mark(entry, true);
    listener.stepped("backup-verified");
    return entry;
  }

  /**
   * What became of old backups.
   *
   * @param removed the files that went
   * @param notes what could not be done
   */
  record Rotation(List<Path> removed, List<String> notes) {
    static final Rotation NONE = new Rotation(List.of(), List.of());
  }

  /**
   * Removes verified backups of this folder but one that was just made and the newest before it.
   * What a clock that was wrong dated later is left alone, and counts for nothing here.
   */
  Rotation rotate(int keep, Entry made) {
    List<Path> removed = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<Entry> earlier =
        verified(made.backup().at())
            .filter(entry -> !entry.file().equals(made.file()))
            .filter(entry -> Files.exists(file(entry)))
            .toList();
    for (Entry entry : earlier.subList(Math.min(keep - 1, earlier.size()), earlier.size())) {
      if (attempt(file(entry), notes, () -> retire(entry))) {
        removed.add(file(entry));
      }
    }
    verified(Instant.MAX)
        .filter(entry -> entry.backup().at().isAfter(made.backup().at()))
        .forEach(entry -> notes.add(file(entry) + " is dated later than now, and is left alone."));
    return new Rotation(removed, notes);
  }

  private void retire(Entry entry) throws IOException {
    storage.rename(file(entry), removing(file(entry)));
    storage.syncFolder(folder);
    listener.stepped("backup-unnamed");
    remove(entry);
  }

  /** The file goes last: a record without one may be of a disk that is away, and stays. */
  private void remove(Entry entry) throws IOException {
    if (entry.backup().verified()) {
      records.mark(entry, false);
    }
    records.remove(entry);
    storage.delete(removing(file(entry)));
  }

  /** The verified backups of this database in this folder that are no later, the newest first. */
  private Stream<Entry> verified(Instant latest) {
    return own().stream()
        .filter(entry -> entry.backup().verified())
        .filter(entry -> !entry.backup().at().isAfter(latest))
        .sorted(Comparator.comparing((Entry entry) -> entry.backup().at()).reversed());
  }

  private static Path file(Entry entry) {
    return Path.of(entry.backup().place());
  }

  private static Path removing(Path file) {
    return file.resolveSibling(file.getFileName() + REMOVING);
  }

  /** The records of backups of this database in this folder. */
  private List<Entry> own() {
    return records.all().stream()
        .filter(entry -> entry.backup().source().sameAs(source))
        .filter(
            entry ->
                entry.backup().place().startsWith(folder + folder.getFileSystem().getSeparator()))
        .filter(entry -> folder.equals(file(entry).getParent()))
        .toList();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
