package io.tideline.sqlite;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code <database>.tideline}: its first line is the database's random id, its second the
 * process that holds or last held the lease. The lease is an operating system's lock on it, which a
 * killed process cannot leave behind; the file itself always stays.
 *
 * <p>Such a lock belongs to the process, not to the handle: closing any handle of the file gives it
 * up, and a second lock in the same process is not refused by the system. So the process keeps its
 * leases in one table, and never opens the file of one that it holds.
 */
final class LeaseFile implements AutoCloseable {
  private static final String SUFFIX = ".tideline";
  private static final int ID_BYTES = 16;
  private static final int ID_LINE = 2 * ID_BYTES + 1;
  private static final int MOST_BYTES = 256;
  private static final int TRIES = 10;
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** The ids of the leases that this process holds. */
  private static final Map<Path, String> HELD = new HashMap<>();

  private final Path path;
  private final FileChannel channel;
  private final String id;
  private final @Nullable Object file;

  private LeaseFile(Path path, FileChannel channel, String id) throws IOException {
    this.path = path;
    this.channel = channel;
    this.id = id;
    this.file = fileKey(path);
  }

  /** The id of a database that has had a lease; changes nothing. */
  static Optional<String> readId(DatabaseFile file) {
    Path path = file.beside(SUFFIX);
    synchronized (HELD) {
      String held = HELD.get(path);
      if (held != null) {
        return Optional.of(held);
      }
      try {
        return id(path, Files.readString(path, StandardCharsets.ISO_8859_1));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      } catch (IOException e) {
        throw unusable(path, e);
      }
    }
  }

  /**
   * Whether any process holds the lease. The look is a shared lock for an instant, which {@link
   * #acquire} waits out.
   */
  static boolean held(DatabaseFile file) {
    Path path = file.beside(SUFFIX);
    synchronized (HELD) {
      if (HELD.containsKey(path)) {
        return true;
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
          FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
        return lock == null;
      } catch (NoSuchFileException e) {
        return false;
      } catch (IOException e) {
        throw unusable(path, e);
      }
    }
  }

  /** Takes the lease or not at all, soon, and makes the id if there is none. */
  static LeaseFile acquire(DatabaseFile file) {
    Path path = file.beside(SUFFIX);
    synchronized (HELD) {
      if (HELD.containsKey(path)) {
        throw held(file, "a run of this same process (" + ProcessHandle.current().pid() + ")");
      }
      FileChannel channel = null;
      try {
        channel = open(path);
        FileLock lock = lock(channel);
        String text = read(channel);
        if (lock == null) {
          throw held(file, holder(text));
        }
        String id = id(path, text).orElseGet(LeaseFile::randomId);
        write(channel, path, id, text);
        LeaseFile lease = new LeaseFile(path, channel, id);
        HELD.put(path, id);
        channel = null;
        return lease;
      } catch (IOException e) {
        throw unusable(path, e);
      } finally {
        close(channel);
      }
    }
  }

  String id() {
    return id;
  }

  /** Makes sure that the name still means the locked file: another could be locked beside it. */
  void confirm() {
    Object now;
    try {
      now = fileKey(path);
    } catch (IOException e) {
      throw lost(e);
    }
    if (!Objects.equals(now, file)) {
      throw lost(null);
    }
  }

  /** What names the file itself, where the system has such a thing; opens nothing. */
  private static @Nullable Object fileKey(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  private TidelineException lost(@Nullable IOException cause) {
    return new TidelineException(
        ErrorCode.LEASE_LOST,
        "Lost the lease: the file " + path + " was removed or replaced while it was locked.",
        "Nothing was changed since; what was sealed is safe.",
        "Put it back as it was, if the archive is to know the database again; then run again.",
        cause);
  }

  @Override
  public void close() {
    synchronized (HELD) {
      if (channel.isOpen()) {
        close(channel);
        HELD.remove(path);
      }
    }
  }

  /** Tries again for a moment: it may be only {@link #held} that looks. */
  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    FileLock lock = channel.tryLock();
    for (int again = 0; lock == null && again < TRIES; again++) {
      LockSupport.parkNanos(PAUSE.toNanos());
      lock = channel.tryLock();
    }
    return lock;
  }

  private static FileChannel open(Path path) throws IOException {
    Set<OpenOption> options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? FileChannel.open(
            path,
            options,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : FileChannel.open(path, options, new FileAttribute<?>[0]);
  }

  /** Writes the id only where there is none yet, so that a crash can never damage it. */
  private static void write(FileChannel channel, Path path, String id, String before)
      throws IOException {
    if (!before.startsWith(id + "\n")) {
      channel.truncate(0);
      put(channel, 0, id + "\n");
      channel.force(true);
      syncFolder(path);
    }
    channel.truncate(ID_LINE);
    put(channel, ID_LINE, "pid " + ProcessHandle.current().pid() + "\n");
  }

  private static void put(FileChannel channel, long at, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    long to = at;
    while (bytes.hasRemaining()) {
      to += channel.write(bytes, to);
    }
  }

  /** Makes the file's name durable; not every system lets a folder be opened. */
  private static void syncFolder(Path path) throws IOException {
    Path folder = path.getParent();
    if (folder != null && !System.getProperty("os.name", "").startsWith("Windows")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
      // Until full or at the end.
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
  }

  /**
   * The id in the file's text; none in a file that a crash left before its first line was whole.
   */
  private static Optional<String> id(Path path, String text) {
    if (text.matches("(?s)[0-9a-f]{32}\n.*")) {
      return Optional.of(text.substring(0, ID_LINE - 1));
    }
    if (text.matches("[0-9a-f]{0,32}")) {
      return Optional.empty();
    }
    throw new TidelineException(
        ErrorCode.ARCHIVE_FOREIGN,
        "Cannot read the database's identity in " + path + ": its first line is no id.",
        "Nothing was changed.",
        "Put the id of the archive's manifests there: 32 hexadecimal digits and a line feed.");
  }

  private static String randomId() {
    byte[] bytes = new byte[ID_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String holder(String text) {
    int pid = text.indexOf("pid ");
    return pid < 0 ? "another process" : "the process " + text.substring(pid + 4).strip();
  }

  private static TidelineException held(DatabaseFile file, String holder) {
    return new TidelineException(
        ErrorCode.LEASE_HELD,
        "Cannot take the lease of " + file.path() + ": " + holder + " holds it.",
        "Nothing was changed.",
        "Wait until that run has ended, or stop it; then run the same command again.");
  }

  private static TidelineException unusable(Path path, IOException cause) {
    return new TidelineException(
        ErrorCode.RIGHTS_MISSING,
        "Cannot use the lease file " + path + ": " + cause.getMessage() + ".",
        "Nothing was changed.",
        "Give this user the right to read and write that file and its folder.",
        cause);
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The lock goes with the handle all the same.
      }
    }
  }
}
