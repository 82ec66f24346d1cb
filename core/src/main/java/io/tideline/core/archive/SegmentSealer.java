package io.tideline.core.archive;

import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentFormat;
import io.tideline.archive.SegmentSchema;
import io.tideline.archive.SegmentWriter;
import io.tideline.catalogue.Table;
import io.tideline.core.digest.RowDigest;
import io.tideline.plan.TimeEncoding;
import io.tideline.policy.TimeColumn;
import io.tideline.row.Row;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes one segment, makes it durable, decodes it again from disk and compares. The manifest,
 * which makes the rows safe, is the caller's to write afterwards.
 */
public final class SegmentSealer implements AutoCloseable {
  private final Path named;
  private final Path file;
  private final Table table;
  private final boolean hiddenKey;
  private final SegmentFormat format;
  private final Storage storage;
  private final RunListener listener;
  private final MessageDigest sha = SegmentFile.sha256();
  private final SegmentWriter writer;
  private final RowDigest digest = new RowDigest();
  private long rows;
  private long bytes;
  private volatile List<Object> verified = List.of();
  private @Nullable Instant oldest;
  private @Nullable Instant newest;

  /**
   * Begins a segment in a new file, which bears a temporary name until {@link #name}.
   *
   * @param named the file in the end
   * @param columns the values of each row to come; the hidden key first, if {@code hiddenKey}
   */
  public SegmentSealer(
      Path named,
      Table table,
      List<SegmentColumn> columns,
      boolean hiddenKey,
      SegmentFormat format,
      Storage storage,
      RunListener listener) {
    this.named = named;
    this.file = MetadataFiles.temporary(named);
    this.table = table;
    this.hiddenKey = hiddenKey;
    this.format = format;
    this.storage = storage;
    this.listener = listener;
    try {
      OutputStream out = storage.create(file);
      writer =
          format.write(
              new DigestOutputStream(out, sha),
              new SegmentSchema(table.name().toString(), columns));
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
    listener.stepped(Step.SEGMENT_OPENED);
  }

  /** Appends a row; {@link #digest} then holds its digest. */
  public void write(Row row) {
    digest.update(row, hiddenKey ? 1 : 0, row.width());
    digest.accumulate();
    bytes += digest.encodedLength();
    rows++;
    try {
      writer.write(row);
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
  }

  /** The digest of the row written last. */
  public RowDigest digest() {
    return digest;
  }

  /** Widens the range of times that the segment tells. */
  public void time(Instant time) {
    Instant first = oldest;
    Instant last = newest;
    oldest = first == null || time.isBefore(first) ? time : first;
    newest = last == null || time.isAfter(last) ? time : last;
  }

  /** The rows written. */
  public long rows() {
    return rows;
  }

  /** The canonical bytes of the rows written: a measure of their size in memory. */
  public long canonicalBytes() {
    return bytes;
  }

  /**
   * Completes the file and makes it durable; {@link #verify} must follow.
   *
   * @return what the manifest will say of it
   * @throws io.tideline.error.TidelineException {@code DISK_FULL}, {@code ARCHIVE_WRITE_FAILED};
   *     the rows are not safe then, and nothing was deleted
   */
  public Manifest.Segment finish(Optional<TimeColumn> time, Optional<TimeEncoding> encoding) {
    try {
      writer.finish();
      writer.close();
      storage.sync(file);
      listener.stepped(Step.SEGMENT_SYNCED);
      return new Manifest.Segment(
          named.getFileName().toString(),
          format.name(),
          table.name(),
          table.fingerprint(),
          table.definition(),
          writer.schema().columns(),
          hiddenKey,
          table.key().orElseThrow().columns(),
          time,
          encoding,
          rows,
          Files.size(file),
          HexFormat.of().formatHex(sha.digest()),
          digest.running(),
          writer.exceptions(),
          Optional.ofNullable(oldest),
          Optional.ofNullable(newest));
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
  }

  /**
   * Decodes the finished file from disk and compares every row; any thread may.
   *
   * @param visitor hears of each row on the way
   * @throws io.tideline.error.TidelineException {@code ARCHIVE_CORRUPT}; the rows are not safe
   *     then, and nothing was deleted
   */
  public void verify(Manifest.Segment segment, SegmentFile.Visitor visitor) {
    try {
      verified = stateOnDisk(file);
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
    new SegmentFile(file, segment, format).verify(visitor);
    listener.stepped(Step.SEGMENT_VERIFIED);
  }

  /**
   * Makes sure that the file is still the one that was verified.
   *
   * @throws io.tideline.error.TidelineException {@code ARCHIVE_WRITE_FAILED} if somebody removed,
   *     replaced or changed it since
   */
  public void requireVerified() {
    try {
      requireVerified(file);
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
  }

  private void requireVerified(Path place) throws IOException {
    if (!stateOnDisk(place).equals(verified)) {
      throw new IOException("it was changed after it was verified");
    }
  }

  /**
   * Gives the verified file its name, which is durable once the folder is synced. From here on
   * nobody removes it.
   *
   * @throws io.tideline.error.TidelineException {@code ARCHIVE_WRITE_FAILED}
   */
  public void name() {
    try {
      storage.rename(file, named);
      requireVerified(named);
    } catch (IOException e) {
      throw ArchiveFailure.writing(named, e);
    }
  }

  private static List<Object> stateOnDisk(Path file) throws IOException {
    BasicFileAttributes state = Files.readAttributes(file, BasicFileAttributes.class);
    return List.of(
        String.valueOf(state.fileKey()), state.size(), state.lastModifiedTime().toInstant());
  }

  /** Closes the file; if it got no name it belongs to nothing, and the next run removes it. */
  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
  }
}
