package io.tideline.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A folder of files named by the SHA-256 of their content, {@code ab/abcd…}. As folders do, it has
 * files that nobody refers to, lacks some that somebody does, and holds some in the wrong place.
 */
final class Payloads {
  private final Path folder;

  Payloads(Path folder) {
    this.folder = folder;
  }

  /** Keeps a content, once, however often it is asked to; answers its hash. */
  String keep(String content, Instant time) throws IOException {
    String hash = hash(content);
    write(folder.resolve(hash.substring(0, 2)).resolve(hash), content, time);
    return hash;
  }

  /** The hash of a content whose file is lost. */
  String missing(String content) {
    return hash(content);
  }

  /** Files that nobody refers to: old ones and fresh ones, as an interrupted writer leaves them. */
  void orphans(Instant now) throws IOException {
    for (int i = 0; i < 12; i++) {
      keep("never referred to " + i, now.minus(Duration.ofDays(i % 3 == 0 ? 0 : 120)));
    }
  }

  /** Files in a wrong folder, under a wrong name, or that are no payload at all. */
  void misfiled(Instant now) throws IOException {
    Instant old = now.minus(Duration.ofDays(120));
    for (int i = 0; i < 4; i++) {
      String content = "in a wrong place " + i;
      String hash = hash(content);
      write(folder.resolve(i % 2 == 0 ? "zz" : "").resolve(hash), content, old);
    }
    String upper = hash("in capitals").toUpperCase(Locale.ROOT);
    write(folder.resolve(upper.substring(0, 2)).resolve(upper), "in capitals", old);
    write(folder.resolve("README.txt"), "Payloads by hash.\n", old);
  }

  private static void write(Path file, String content, Instant time) throws IOException {
    if (!Files.exists(file)) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, content);
      Files.setLastModifiedTime(file, FileTime.from(time));
    }
  }

  private static String hash(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
