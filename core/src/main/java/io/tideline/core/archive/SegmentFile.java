package io.tideline.core.archive;

import io.tideline.archive.SegmentFormat;
import io.tideline.archive.SegmentReader;
import io.tideline.core.digest.RowDigest;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A segment on disk: read whole, with every digest compared. */
public final class SegmentFile {
  private final Path file;
  private final Manifest.Segment segment;
  private final SegmentFormat format;

  /** The segment in a file. */
  public SegmentFile(Path file, Manifest.Segment segment, SegmentFormat format) {
    this.file = file;
    this.segment = segment;
    this.format = format;
  }

  /** Takes each row with its digest; the row is filled again after the call. */
  public interface Visitor {
    /** Takes row {@code ordinal}. */
    void row(int ordinal, Row row, RowDigest digest);
  }

  /**
   * Reads every row from disk and compares file and rows with the manifest's digests, which is
   * known only at the end: a visitor must not act on a row before this returns.
   *
   * @throws TidelineException {@code ARCHIVE_CORRUPT} if anything differs
   */
  public void verify(Visitor visitor) {
    try {
      compare("length", segment.bytes(), Files.size(file));
      compare("SHA-256", segment.sha256(), sha256(file));
      RowDigest digest = new RowDigest();
      int rows = 0;
      try (SegmentReader reader = format.read(file, segment.schema())) {
        Row row = new Row(segment.columns().size());
        while (reader.next(row)) {
          digest.update(row, segment.digestFrom(), row.width());
          digest.accumulate();
          visitor.row(rows++, row, digest);
        }
      }
      compare("number of rows", segment.rows(), (long) rows);
      compare("digest of rows", segment.digest(), digest.running());
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
  }

  private void compare(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new TidelineException(
          ErrorCode.ARCHIVE_CORRUPT,
          "Cannot trust "
              + file
              + ": its "
              + what
              + " is "
              + found
              + ", the manifest says "
              + expected
              + ".",
          "Nothing was deleted on its account.",
          "Bring the file back from a copy of the archive, then run `tideline verify`.");
    }
  }

  /** The SHA-256 of a file as hexadecimal digits. */
  public static String sha256(Path file) throws IOException {
    MessageDigest sha = sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** A SHA-256 to be filled. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
