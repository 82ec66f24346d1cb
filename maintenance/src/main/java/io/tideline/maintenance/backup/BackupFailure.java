package io.tideline.maintenance.backup;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.file.Path;

/** Says what a failed write or read of a backup means. */
final class BackupFailure {
  private BackupFailure() {}

  static TidelineException writing(Path file, IOException cause) {
    TidelineException known = ArchiveFailure.writing(file, cause);
    boolean full = known.code() == ErrorCode.DISK_FULL;
    return new TidelineException(
        full ? ErrorCode.DISK_FULL : ErrorCode.BACKUP_IMPOSSIBLE,
        known.what(),
        "No backup was made; the database is unchanged.",
        full
            ? "Free space there, or name another folder, and run the same command again."
            : "Mend the folder's rights, or name another, and run the same command again.",
        cause);
  }

  static TidelineException unreadable(Path file, IOException cause) {
    return new TidelineException(
        ErrorCode.BACKUP_CORRUPT,
        ArchiveFailure.reading(file, cause).what(),
        "The database itself was not touched.",
        "Bring the file back or mend its rights; `tideline backup list` tells what else there is.",
        cause);
  }

  /** The room that is needed and not there. */
  static TidelineException noRoom(Path folder, long needed, long free) {
    return new TidelineException(
        ErrorCode.DISK_FULL,
        "Cannot write a backup to "
            + folder
            + ": about "
            + (needed >> 20)
            + " MB are needed, and "
            + (free >> 20)
            + " MB are free.",
        "Nothing was written.",
        "Free space there or name another folder.");
  }

  static TidelineException damaged(Path file, String why) {
    return new TidelineException(
        ErrorCode.BACKUP_CORRUPT,
        "Cannot use the backup " + file + ": " + why + ".",
        "The database itself was not touched.",
        "Make another backup, or take an earlier one: `tideline backup list`.");
  }
}
