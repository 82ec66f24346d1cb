package io.tideline.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The file being written, with the checksums that {@link ParquetFormat} describes. What the library
 * flushes or closes is not passed on: only {@link #complete} and the writer do.
 */
final class SegmentFile extends PositionOutputStream implements OutputFile {
  static final byte[] MARK = "TLCK".getBytes(StandardCharsets.US_ASCII);
  static final String ROW_GROUPS = "tideline.row-groups";

  private final OutputStream out;
  private final byte[] one = new byte[1];
  private final CRC32C checksum = new CRC32C();
  private final StringBuilder rowGroups = new StringBuilder();
  private final ByteArrayOutputStream tail = new ByteArrayOutputStream();
  private boolean inTail;
  private long position;
  private @Nullable IOException failure;

  SegmentFile(OutputStream out) {
    this.out = out;
  }

  /** The first failure of the stream, whatever the library made of it. */
  @Nullable IOException failure() {
    return failure;
  }

  /** Notes that a row group ends here; called with the magic number alone, begins the first. */
  void endRowGroup() {
    if (position > MARK.length) {
      rowGroups
          .append(rowGroups.isEmpty() ? "" : ",")
          .append(position)
          .append(':')
          .append(String.format(Locale.ROOT, "%08x", checksum.getValue()));
    }
    checksum.reset();
  }

  /** Ends the row groups; what follows is kept until {@link #complete}. */
  String beginTail() {
    inTail = true;
    return rowGroups.toString();
  }

  /** Writes indexes and footer with the checksums between them. */
  void complete() throws IOException {
    byte[] bytes = tail.toByteArray();
    int end = bytes.length - 8;
    int footer = end - ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
    pass(bytes, 0, footer);
    ByteBuffer mark = ByteBuffer.allocate(12).put(MARK);
    mark.putInt(crc(bytes, 0, footer)).putInt(crc(bytes, footer, end));
    pass(mark.array(), 0, 12);
    pass(bytes, footer, bytes.length);
    try {
      out.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static int crc(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }

  private void pass(byte[] bytes, int from, int to) throws IOException {
    try {
      out.write(bytes, from, to - from);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private IOException failed(IOException e) {
    failure = failure == null ? e : failure;
    return e;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (inTail) {
      tail.write(bytes, offset, length);
    } else {
      pass(bytes, offset, offset + length);
      checksum.update(bytes, offset, length);
    }
    position += length;
  }

  @Override
  public void write(int b) throws IOException {
    one[0] = (byte) b;
    write(one, 0, 1);
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  @Override
  public PositionOutputStream create(long blockSize) {
    return this;
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSize) {
    return this;
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }
}
