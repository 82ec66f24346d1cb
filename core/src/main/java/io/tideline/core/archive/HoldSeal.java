package io.tideline.core.archive;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What the file of holds had at least: a file that lost lines would let held rows go.
 *
 * @param version the version of the archive's form
 * @param bytes the length of its lines
 * @param sha256 their SHA-256
 */
record HoldSeal(int version, long bytes, String sha256) {
  /** The seal of a whole file. */
  static HoldSeal of(byte[] lines) {
    return new HoldSeal(Manifest.VERSION, lines.length, sha256(lines));
  }

  /** What is wrong with a file; lines added since, before a kill, are none of it. */
  Optional<String> problem(byte[] lines) {
    if (lines.length < bytes) {
      return Optional.of(
          lines.length == 0
              ? "it is missing, and held " + bytes + " bytes"
              : "it has " + lines.length + " bytes, and had " + bytes);
    }
    return sha256(Arrays.copyOf(lines, (int) bytes)).equals(sha256)
        ? Optional.empty()
        : Optional.of("its lines are not those that were written");
  }

  private static String sha256(byte[] lines) {
    return HexFormat.of().formatHex(SegmentFile.sha256().digest(lines));
  }
}
