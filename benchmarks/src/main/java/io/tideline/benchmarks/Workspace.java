package io.tideline.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder for the files of a benchmark, removed at its end.
 *
 * @param folder the folder; other users may enter it
 */
record Workspace(Path folder) implements AutoCloseable {
  static Workspace create() throws IOException {
    Path folder = Files.createTempDirectory("tideline-benchmark");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Workspace(folder);
  }

  /** A path in the folder. */
  Path file(String name) {
    return folder.resolve(name);
  }

  /** A durable copy. */
  Path copy(Path source, String name) throws IOException {
    Path copy = file(name);
    Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
    force(copy);
    return copy;
  }

  /** Makes a file durable, so that writing it back disturbs nothing that is measured afterwards. */
  static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Removes files and folders, if they are there. */
  void remove(String... names) throws IOException {
    for (String name : names) {
      Path path = file(name);
      if (Files.exists(path)) {
        removeTree(path);
      }
    }
  }

  /** Removes the files of a SQLite database. */
  void removeDatabase(String name) throws IOException {
    remove(name, name + "-wal", name + "-shm", name + ".tideline");
  }

  private static void removeTree(Path root) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }

  @Override
  public void close() {
    try {
      removeTree(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
