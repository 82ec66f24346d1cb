package io.tideline.core.archive;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** Says what a failed write or read of the archive means. */
public final class ArchiveFailure {
  private ArchiveFailure() {}

  /** The failure to write a file of the archive. */
  public static TidelineException writing(Path file, IOException cause) {
    String text = String.valueOf(cause.getMessage());
    boolean full =
        text.contains("No space left")
            || text.contains("Disk quota exceeded")
            || text.contains("not enough space");
    return new TidelineException(
        full ? ErrorCode.DISK_FULL : ErrorCode.ARCHIVE_WRITE_FAILED,
        "Cannot write " + file + ": " + (full ? "the disk is full" : reason(cause)) + ".",
        "No row was deleted that is not archived; what was sealed stays good.",
        full
            ? "Free space where the archive lies and run the same command again: it goes on."
            : "Mend the folder and run the same command again: it goes on.",
        cause);
  }

  /** The archive was there when the run began, and is not any more. */
  static TidelineException away(Path root) {
    return new TidelineException(
        ErrorCode.ARCHIVE_WRITE_FAILED,
        "Cannot write to the archive " + root + ": its archive.json is missing now.",
        "No row was deleted that is not archived; what was sealed stays good.",
        "Bring the folder back and run the same command again: it goes on.");
  }

  /** The failure to read a file of the archive. */
  public static TidelineException reading(Path file, IOException cause) {
    return new TidelineException(
        ErrorCode.ARCHIVE_CORRUPT,
        "Cannot read " + file + ": " + reason(cause) + ".",
        "Nothing was changed.",
        "Bring the file back from a copy of the archive, or mend its rights.",
        cause);
  }

  private static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    return cause instanceof java.nio.file.NoSuchFileException
        ? "the file is missing"
        : String.valueOf(cause.getMessage());
  }
}
