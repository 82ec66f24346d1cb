package io.tideline.sqlite;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The file of a database.
 *
 * @param path its real path: absolute, links followed
 * @param readOnly why it cannot be written; empty if it can
 * @param immutable whether SQLite must take it for a file that nobody changes
 */
record DatabaseFile(Path path, String readOnly, boolean immutable) {
  private static final String NOTHING_MADE = "Nothing was created or changed.";

  /**
   * Finds the file of a database without opening it.
   *
   * @throws TidelineException {@code DATABASE_MISSING}, {@code DATABASE_NOT_A_DATABASE}, {@code
   *     RIGHTS_MISSING}
   */
  static DatabaseFile locate(Path path) {
    Path real = real(path);
    if (Files.isDirectory(real)) {
      throw missing(path, "it is a folder", "Name the file inside it.");
    }
    if (!Files.isRegularFile(real)) {
      throw new TidelineException(
          ErrorCode.DATABASE_NOT_A_DATABASE,
          "Cannot open " + real + ": it is not an ordinary file.",
          NOTHING_MADE,
          "Name the database's file.");
    }
    if (!Files.isReadable(real)) {
      throw unreadable(real);
    }
    return new DatabaseFile(real, whyReadOnly(real), false);
  }

  /** The same, to be opened without locks and without a write-ahead log. */
  DatabaseFile asImmutable() {
    return new DatabaseFile(path, readOnly, true);
  }

  /** The file with {@code suffix} after its name. */
  Path beside(String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  /** The bytes of the write-ahead log; it is not opened. */
  long logBytes() {
    try {
      return Files.size(beside("-wal"));
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * The name by which SQLite opens it, never making a new file.
   *
   * @see <a href="https://sqlite.org/uri.html">URI filenames</a>
   */
  String uri() {
    return uri(readOnly.isEmpty() ? "rw" : "ro");
  }

  /** As {@link #uri()}, for a connection that may only read. */
  String uriToRead() {
    return uri("ro");
  }

  private String uri(String mode) {
    return "file://"
        + path.toUri().getRawPath()
        + "?mode="
        + mode
        + (immutable ? "&immutable=1" : "");
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (AccessDeniedException e) {
      throw unreadable(path);
    } catch (IOException e) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw missing(path, "it is a link to nothing", "Mend the link or name the file itself.");
      }
      throw missing(
          path, "there is no such file", "Check the path; Tideline never creates a database.");
    }
  }

  private static String whyReadOnly(Path real) {
    Path folder = real.getParent();
    if (!Files.isWritable(real)) {
      return "the file is read-only";
    }
    return folder == null || Files.isWritable(folder)
        ? ""
        : "its folder is read-only, so that SQLite can make no journal";
  }

  private static TidelineException missing(Path path, String why, String mend) {
    return new TidelineException(
        ErrorCode.DATABASE_MISSING,
        "Cannot open the database " + path + ": " + why + ".",
        NOTHING_MADE,
        mend);
  }

  private static TidelineException unreadable(Path path) {
    return new TidelineException(
        ErrorCode.RIGHTS_MISSING,
        "Cannot open the database " + path + ": this user may not read it.",
        NOTHING_MADE,
        "Give this user the right to read the file and the folders above it.");
  }
}
