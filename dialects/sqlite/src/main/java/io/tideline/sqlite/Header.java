package io.tideline.sqlite;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a file that SQLite has refused. It is read only after the refusal, when no
 * connection of this process can have it open: closing any handle of a file drops the POSIX locks
 * that SQLite holds on it (https://sqlite.org/howtocorrupt.html, section 2.2).
 */
final class Header {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int WRITE_VERSION = 18;
  private static final int READ_VERSION = 19;
  private static final int NEWEST = 2;
  private static final int SAMPLE = 4096;

  /** What packed files begin with: they look random, but nobody encrypted a database there. */
  private static final List<byte[]> PACKED =
      List.of(
          new byte[] {0x1F, (byte) 0x8B},
          new byte[] {'P', 'K', 3, 4},
          new byte[] {'B', 'Z', 'h'},
          new byte[] {(byte) 0x28, (byte) 0xB5, 0x2F, (byte) 0xFD},
          new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z'},
          new byte[] {(byte) 0x89, 'P', 'N', 'G'},
          new byte[] {'%', 'P', 'D', 'F'},
          new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF});

  private final Path path;
  private final byte[] bytes;

  private Header(Path path, byte[] bytes) {
    this.path = path;
    this.bytes = bytes;
  }

  static Header read(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return new Header(path, in.readNBytes(SAMPLE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why SQLite takes the file for no database. */
  TidelineException notADatabase(@Nullable Throwable cause) {
    if (startsWith(MAGIC)) {
      return tooNew()
          .orElseGet(
              () ->
                  failure(
                      ErrorCode.DATABASE_CORRUPT,
                      "its header is damaged",
                      "Restore it from a backup.",
                      cause));
    }
    if (PACKED.stream().noneMatch(this::startsWith) && bytes.length >= 256 && random()) {
      return failure(
          ErrorCode.DATABASE_ENCRYPTED,
          "it looks encrypted",
          "Decrypt it first (with the program that made it); Tideline has no key for it.",
          cause);
    }
    return failure(
        ErrorCode.DATABASE_NOT_A_DATABASE,
        "it is not a SQLite database",
        "Name the file of a SQLite 3 database.",
        cause);
  }

  /** That a newer SQLite made the file, if so. */
  Optional<TidelineException> tooNew() {
    boolean newer =
        bytes.length > READ_VERSION
            && startsWith(MAGIC)
            && (bytes[WRITE_VERSION] > NEWEST || bytes[READ_VERSION] > NEWEST);
    return newer
        ? Optional.of(
            failure(
                ErrorCode.DATABASE_TOO_NEW,
                "its file format is newer than this SQLite knows (write version "
                    + bytes[WRITE_VERSION]
                    + ", read version "
                    + bytes[READ_VERSION]
                    + ")",
                "Use a newer Tideline.",
                null))
        : Optional.empty();
  }

  /** That the schema is of a format which SQLite refused as unknown. */
  TidelineException newerSchema(Throwable cause) {
    return failure(
        ErrorCode.DATABASE_TOO_NEW,
        "its schema format is newer than this SQLite knows",
        "Use a newer Tideline.",
        cause);
  }

  private boolean startsWith(byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  /** Whether the bytes carry nearly as much entropy as so many random ones. */
  private boolean random() {
    int[] counts = new int[256];
    for (byte b : bytes) {
      counts[b & 0xFF]++;
    }
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        double share = (double) count / bytes.length;
        bits -= share * Math.log(share) / Math.log(2);
      }
    }
    // 256 random bytes have 7.2 bits each, 4096 have 7.95; text and machine code have below 6.6.
    return bits > (bytes.length < 1024 ? 7.0 : 7.6);
  }

  private TidelineException failure(
      ErrorCode code, String why, String mend, @Nullable Throwable cause) {
    return new TidelineException(
        code,
        "Cannot open the database " + path + ": " + why + ".",
        "Nothing was changed.",
        mend,
        cause);
  }
}
