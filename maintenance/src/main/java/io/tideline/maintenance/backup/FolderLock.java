package io.tideline.maintenance.backup;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One backup at a time into a folder: the operating system's lock, which ends with the process. */
final class FolderLock implements AutoCloseable {
  static final String NAME = ".tideline-backup.lock";

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  static FolderLock acquire(Path folder) {
    Path file = folder.resolve(NAME);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        throw new TidelineException(
            ErrorCode.LEASE_HELD,
            "Cannot back up to " + folder + ": another backup writes there.",
            "Nothing was changed.",
            "Wait until it has ended, or name another folder.");
      }
      return new FolderLock(channel);
    } catch (IOException e) {
      throw BackupFailure.writing(file, e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this same process holds it
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      return; // the lock goes with the handle all the same
    }
  }
}
