package io.tideline.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** The checksums of a file, as {@link ParquetFormat} lays them down. */
final class FileChecks {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int LEAST = 4 + 12 + 8;

  private final FileChannel file;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
  private long[] ends = {};
  private int[] sums = {};

  FileChecks(FileChannel file) {
    this.file = file;
  }

  /**
   * Checks both magic numbers and the footer.
   *
   * @return the checksum of what lies before the mark, and where the mark begins
   */
  Mark checkFooter() throws IOException, DamageException {
    long size = file.size();
    if (size < LEAST) {
      throw new DamageException("it has only " + size + " bytes");
    }
    ByteBuffer end = read(size - 8, 8).order(ByteOrder.LITTLE_ENDIAN);
    int length = end.getInt();
    if (end.getInt() != ByteBuffer.wrap(MAGIC).order(ByteOrder.LITTLE_ENDIAN).getInt()
        || read(0, 4).getInt() != ByteBuffer.wrap(MAGIC).getInt()) {
      throw new DamageException("it does not begin and end as a Parquet file");
    }
    if (length < 0 || length > size - LEAST) {
      throw new DamageException("its footer lies outside it");
    }
    long at = size - 8 - length - 12;
    ByteBuffer mark = read(at, 12);
    byte[] letters = new byte[SegmentFile.MARK.length];
    mark.get(letters);
    if (!Arrays.equals(letters, SegmentFile.MARK)) {
      throw new DamageException("it lacks the checksum of its footer");
    }
    int indexes = mark.getInt();
    if (sum(at + 12, size - 8) != mark.getInt()) {
      throw new DamageException("its footer is damaged");
    }
    return new Mark(at, indexes);
  }

  record Mark(long at, int indexes) {}

  /** Takes over the checksums of the row groups, and checks what follows them. */
  void rowGroups(String text, int count, Mark mark) throws IOException, DamageException {
    String[] parts = text.isEmpty() ? new String[0] : text.split(",", -1);
    if (parts.length != count) {
      throw new DamageException("it has not a checksum for each row group");
    }
    ends = new long[count];
    sums = new int[count];
    long last = MAGIC.length;
    for (int i = 0; i < count; i++) {
      int colon = parts[i].indexOf(':');
      ends[i] = Long.parseLong(parts[i].substring(0, colon));
      sums[i] = Integer.parseUnsignedInt(parts[i].substring(colon + 1), 16);
      if (ends[i] < last || ends[i] > mark.at()) {
        throw new DamageException("a row group lies outside it");
      }
      last = ends[i];
    }
    if (sum(last, mark.at()) != mark.indexes()) {
      throw new DamageException("its indexes are damaged");
    }
  }

  /** Checks the bytes of row group {@code i}. */
  void checkRowGroup(int i) throws IOException, DamageException {
    if (sum(i == 0 ? MAGIC.length : ends[i - 1], ends[i]) != sums[i]) {
      throw new DamageException("row group " + i + " is damaged");
    }
  }

  private int sum(long from, long to) throws IOException {
    CRC32C crc = new CRC32C();
    for (long at = from; at < to; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
      int read = file.read(buffer, at);
      if (read < 0) {
        throw new EOFException("the file ends early");
      }
      crc.update(buffer.flip());
      at += read;
    }
    return (int) crc.getValue();
  }

  private ByteBuffer read(long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, from + bytes.position()) < 0) {
        throw new EOFException("the file ends early");
      }
    }
    return bytes.flip();
  }
}
