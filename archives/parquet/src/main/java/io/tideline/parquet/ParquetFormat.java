package io.tideline.parquet;

import io.tideline.archive.SegmentFormat;
import io.tideline.archive.SegmentReader;
import io.tideline.archive.SegmentSchema;
import io.tideline.archive.SegmentWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Segments as <a href="https://parquet.apache.org/docs/file-format/">Parquet</a> files that any
 * reader takes.
 *
 * <p>The columns stand in the order of the schema, all optional, under the names of {@link
 * SegmentSchema#fileNames}, and last the text column {@link SegmentSchema#exactColumn()}. Integers
 * are INT32 and INT64, reals FLOAT and DOUBLE, decimals DECIMAL on INT32 (up to 9 digits), INT64
 * (18) or 16 bytes, texts STRING, JSON and UUID, dates DATE, times TIME in microseconds, timestamps
 * TIMESTAMP in microseconds, adjusted to UTC or not. Pages are compressed by Zstandard, level 1,
 * and bear their CRC.
 *
 * <p>Every byte is covered by a CRC-32C. The footer's metadata {@code tideline.row-groups} names
 * for each row group the offset after it and its checksum in hexadecimal ({@code
 * 4711:0a1b2c3d,9000:…}), the first beginning after the 4 bytes of the magic number. Right before
 * the footer stand 12 bytes that no Parquet reader looks at: {@code TLCK} and two big-endian
 * checksums, of what lies between the last row group and these 12 bytes, and of the footer. So
 * damage is found before a damaged byte is decoded.
 */
public final class ParquetFormat implements SegmentFormat {
  /** Made by {@link java.util.ServiceLoader}. */
  public ParquetFormat() {}

  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public String extension() {
    return "parquet";
  }

  @Override
  public SegmentWriter write(OutputStream out, SegmentSchema schema) {
    return new ParquetSegmentWriter(out, schema);
  }

  @Override
  public SegmentReader read(Path file, SegmentSchema schema) throws IOException {
    return ParquetSegmentReader.open(file, schema);
  }
}
