package io.tideline.core.archive;

import io.tideline.dialect.SourceIdentity;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * The exclusive right to write to an archive: the operating system's lock on a file in it, which a
 * killed process cannot leave behind. A database's lease is not enough: a copy of the database has
 * the same identity and a lease of its own.
 */
public final class ArchiveLock implements AutoCloseable {
  private static final String NAME = ".lock";

  /** Such a lock belongs to the process: a second one in it is not refused by the system. */
  private static final Set<Path> HELD = new HashSet<>();

  private final ArchiveFolder archive;
  private final Path file;
  private final FileChannel channel;

  private ArchiveLock(ArchiveFolder archive, Path file, FileChannel channel) {
    this.archive = archive;
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock, making the archive's folder if it is missing.
   *
   * @throws TidelineException {@code LEASE_HELD} at once if another run or restore writes to it
   */
  public static ArchiveLock acquire(ArchiveFolder archive) {
    archive.createFolder(archive.root());
    Path file = archive.root().resolve(NAME);
    synchronized (HELD) {
      try {
        Path real = archive.root().toRealPath().resolve(NAME);
        if (HELD.contains(real)) {
          throw held(archive.root());
        }
        FileChannel channel = open(archive.storage(), file);
        FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          throw held(archive.root());
        }
        HELD.add(real);
        return new ArchiveLock(archive, real, channel);
      } catch (IOException e) {
        throw ArchiveFailure.writing(file, e);
      }
    }
  }

  /**
   * Makes the archive this database's, or checks that it is; finishes what a killed run left half
   * sealed.
   *
   * @throws TidelineException {@code ARCHIVE_FOREIGN} if it is another's, or what is in doubt was
   *     left by a database of this identity that stood elsewhere
   */
  public ArchiveIdentity claim(SourceIdentity source, Instant now) {
    ArchiveIdentity identity = archive.claim(source, now);
    String place = identity.source().place();
    HalfSealed halfSealed = new HalfSealed(archive);
    if (!place.equals(source.place())
        && (halfSealed.any() || archive.manifests().stream().anyMatch(entry -> !entry.settled()))) {
      throw new TidelineException(
          ErrorCode.ARCHIVE_FOREIGN,
          "Cannot settle what is in doubt in this archive: it was left by the database at "
              + place
              + ", and this one stands at "
              + source.place()
              + ".",
          "Nothing was changed.",
          "Give --adopt if the database was moved. A copy of it needs an archive of its own.");
    }
    halfSealed.finish();
    return identity;
  }

  /** Hands the archive to another database. */
  public void adopt(SourceIdentity source) {
    archive.adopt(source);
  }

  /** Says whose archive it is, where nothing said it. */
  void write(ArchiveIdentity identity) {
    archive.write(identity);
  }

  private static FileChannel open(Storage storage, Path file) throws IOException {
    if (!Files.exists(file)) {
      storage.append(file).close();
    }
    return FileChannel.open(file, StandardOpenOption.WRITE);
  }

  private static TidelineException held(Path root) {
    return new TidelineException(
        ErrorCode.LEASE_HELD,
        "Cannot write to the archive " + root + ": another run or restore writes to it.",
        "Nothing was changed.",
        "Wait until it has ended. A copy of the database needs an archive of its own.");
  }

  @Override
  public void close() {
    synchronized (HELD) {
      HELD.remove(file);
      try {
        channel.close();
      } catch (IOException e) {
        // The lock goes with the handle all the same.
        return;
      }
    }
  }
}
