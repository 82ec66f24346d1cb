package io.tideline.maintenance.backup;

import io.tideline.run.WorkListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of files. */
final class Digests {
  private static final int BUFFER = 1 << 20;

  private Digests() {}

  /** The digest of a file, in hexadecimal digits. */
  static String of(Path file, WorkListener listener) throws IOException {
    return copy(file, OutputStream.nullOutputStream(), "reading it again", listener);
  }

  /** Copies a file and gives the digest of what was copied. */
  static String copy(Path file, OutputStream out, String what, WorkListener listener)
      throws IOException {
    MessageDigest digest = sha256();
    long total = Files.size(file);
    long done = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        out.write(buffer, 0, count);
        done += count;
        listener.at(what, done, total);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
