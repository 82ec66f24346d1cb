package io.tideline.maintenance.backup;

import io.tideline.core.archive.Storage;
import io.tideline.core.work.RunId;
import io.tideline.dialect.BackupFiles;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.run.WorkListener;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a new database of a backup that is a database itself. */
final class BackupRestore {
  private final BackupFiles files;
  private final Storage storage;
  private final Clock clock;
  private final WorkListener listener;

  BackupRestore(BackupFiles files, Storage storage, Clock clock, WorkListener listener) {
    this.files = files;
    this.storage = storage;
    this.clock = clock;
    this.listener = listener;
  }

  CheckedBackup restore(Path file, Path target, Optional<String> sha256) {
    String command = files.restoring(file);
    if (!command.isEmpty()) {
      throw impossible(
          "Cannot make a database of " + file + ": that is the server's work",
          "Make an empty database and run: " + command);
    }
    refuseToOverwrite(target);
    Path partial =
        target.resolveSibling(
            target.getFileName() + "-" + RunId.at(Instant.now(clock)) + BackupFolder.PARTIAL);
    try {
      return restore(file, target, partial, sha256);
    } catch (IOException e) {
      discard(partial, e);
      throw BackupFailure.writing(target, e);
    } catch (RuntimeException e) {
      discard(partial, e);
      throw e;
    }
  }

  private CheckedBackup restore(Path file, Path target, Path partial, Optional<String> sha256)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BackupFailure.unreadable(file, new NoSuchFileException(file.toString()));
    }
    long bytes = Files.size(file);
    long free = storage.usableBytes(target);
    if (free < bytes) {
      throw BackupFailure.noRoom(target, bytes, free);
    }
    String copied = copy(file, partial);
    if (sha256.filter(each -> !each.equals(copied)).isPresent()) {
      throw BackupFailure.damaged(file, "its SHA-256 is not the one that was recorded");
    }
    String contents = files.check(partial);
    listener.stepped("restore-checked");
    refuseToOverwrite(target); // somebody may have come meanwhile
    try {
      storage.renameNew(partial, target);
    } catch (FileAlreadyExistsException e) {
      throw isThere(target, target);
    }
    storage.syncFolderOf(target);
    return new CheckedBackup(target, bytes, copied, sha256.isPresent(), contents);
  }

  private String copy(Path file, Path partial) throws IOException {
    String digest;
    try (OutputStream out = storage.create(partial)) {
      digest = Digests.copy(file, out, "copying", listener);
    }
    storage.sync(partial);
    return digest;
  }

  private void discard(Path partial, Exception failure) {
    try {
      storage.delete(partial);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** A log that another database left there would be taken for the new one's. */
  private void refuseToOverwrite(Path target) {
    List<String> endings = new ArrayList<>(files.companions());
    endings.add(0, "");
    for (String ending : endings) {
      Path there = target.resolveSibling(target.getFileName() + ending);
      if (Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
        throw isThere(target, there);
      }
    }
  }

  private static TidelineException isThere(Path target, Path there) {
    return impossible(
        "Cannot make a database at " + target + ": " + there + " is there",
        "Name a new file, or move that one away.");
  }

  private static TidelineException impossible(String what, String mend) {
    return new TidelineException(
        ErrorCode.BACKUP_IMPOSSIBLE, what + ".", "Nothing was changed.", mend);
  }
}
