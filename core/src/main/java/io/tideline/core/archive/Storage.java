package io.tideline.core.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The few things that the archive asks of a file system; a test may make any of them fail. */
public class Storage {
  private static final boolean POSIX =
      java.nio.file.FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /**
   * Makes a folder and its parents, for the owner only, each made durable before what it holds;
   * nothing if it is there.
   */
  public void createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      createFolder(parent);
    }
    Files.createDirectories(folder, mode("rwx------"));
    syncFolderOf(folder);
  }

  /** Makes a new file, for the owner only, and opens it for writing. */
  public OutputStream create(Path file) throws IOException {
    Files.createFile(file, mode("rw-------"));
    return Files.newOutputStream(file, StandardOpenOption.WRITE);
  }

  /** Opens a file, made if it is missing, to write at its end. */
  public OutputStream append(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file, mode("rw-------"));
    }
    return Files.newOutputStream(file, StandardOpenOption.APPEND);
  }

  /** Cuts a file off at a length, durably; nothing if it is missing or shorter. */
  public void truncate(Path file, long length) throws IOException {
    if (Files.exists(file)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(length);
        channel.force(true);
      }
    }
  }

  /** Makes a file's content durable. */
  public void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Makes a file's own name in its folder durable. */
  public void syncFolderOf(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      syncFolder(folder);
    }
  }

  /** The bytes that may still be written where a file lies, or will. */
  public long usableBytes(Path file) throws IOException {
    Path there = file.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return Files.getFileStore(there).getUsableSpace();
  }

  /** Makes the names in a folder durable, where the system can. */
  public void syncFolder(Path folder) throws IOException {
    if (POSIX) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Gives a file another name in its folder, at once or not at all; never replaces a file. */
  public void rename(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * As {@link #rename}, but never replaces what another process makes at the same moment, where the
   * file system knows links. After a kill the file may have both names.
   */
  public void renameNew(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      rename(from, to);
      return;
    }
    Files.delete(from);
  }

  /** As {@link #rename}, replacing what has the name. */
  public void replace(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes a file that belongs to nothing. */
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  private static FileAttribute<?>[] mode(String permissions) {
    if (!POSIX) {
      return new FileAttribute<?>[0];
    }
    Set<java.nio.file.attribute.PosixFilePermission> set =
        PosixFilePermissions.fromString(permissions);
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
  }
}
