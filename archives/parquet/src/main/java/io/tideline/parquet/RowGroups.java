package io.tideline.parquet;

import io.tideline.archive.ExactValues;
import io.tideline.archive.NaturalValues;
import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.NaturalType;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/**
 * Fills row group after row group, value by value and without the library's record layer. A row
 * group ends at 16 MB of values or 1 M rows, so the heap is bounded.
 */
final class RowGroups implements AutoCloseable {
  private static final long GROUP_BYTES = 16L << 20;
  private static final long GROUP_ROWS = 1_000_000;

  private final SegmentFile file;
  private final Zstandard codec = new Zstandard();
  private final ExactValues exact;
  private final NaturalType[] types;
  private final FileLayout layout;
  private final ParquetProperties properties;
  private final ParquetFileWriter writer;
  private final ColumnWriter[] columns;
  private @Nullable ColumnChunkPageWriteStore pages;
  private @Nullable ColumnWriteStore store;
  private long bytes;
  private long rows;

  /** Begins the file; {@code sample} tells which columns repeat their values. */
  RowGroups(SegmentFile file, SegmentSchema schema, PackedRows sample) throws IOException {
    this.file = file;
    exact = new ExactValues(schema);
    types = schema.columns().stream().map(c -> c.type()).toArray(NaturalType[]::new);
    layout = FileLayout.of(schema);
    columns = new ColumnWriter[types.length + 1];
    properties = Encodings.of(schema, layout.message(), sample);
    writer =
        new ParquetFileWriter(
            file,
            layout.message(),
            ParquetFileWriter.Mode.CREATE,
            GROUP_BYTES,
            0,
            null,
            properties);
    writer.start();
    file.endRowGroup();
  }

  void write(Row row) throws IOException {
    ColumnWriteStore open = store == null ? begin() : store;
    for (int i = 0; i < types.length; i++) {
      if (row.isNull(i)) {
        columns[i].writeNull(0, 0);
      } else if (NaturalValues.keeps(types[i], row, i)) {
        layout.cells()[i].write(columns[i], row, i);
      } else {
        columns[i].writeNull(0, 0);
        exact.add(row, i);
      }
    }
    writeExact();
    open.endRecord();
    bytes += row.size();
    rows++;
    if (bytes >= GROUP_BYTES || rows == GROUP_ROWS) {
      flush(open);
    }
  }

  private void writeExact() {
    ColumnWriter column = columns[types.length];
    if (exact.isEmpty()) {
      column.writeNull(0, 0);
    } else {
      byte[] object = exact.take();
      bytes += object.length;
      column.write(Binary.fromConstantByteArray(object), 0, Cell.PRESENT);
    }
  }

  private ColumnWriteStore begin() {
    ColumnChunkPageWriteStore chunk =
        new ColumnChunkPageWriteStore(
            codec.getCompressor(CompressionCodecName.ZSTD),
            layout.message(),
            new SizedAllocator(),
            properties.getColumnIndexTruncateLength(),
            properties.getPageWriteChecksumEnabled());
    ColumnWriteStore begun = properties.newColumnWriteStore(layout.message(), chunk, chunk);
    List<ColumnDescriptor> descriptors = layout.message().getColumns();
    for (int i = 0; i < columns.length; i++) {
      columns[i] = begun.getColumnWriter(descriptors.get(i));
    }
    pages = chunk;
    store = begun;
    return begun;
  }

  private void flush(ColumnWriteStore open) throws IOException {
    ColumnChunkPageWriteStore chunk = pages;
    if (chunk == null) {
      throw new IllegalStateException("No row group was begun");
    }
    writer.startBlock(rows);
    open.flush();
    chunk.flushToFileWriter(writer);
    writer.endBlock();
    file.endRowGroup();
    release();
    bytes = 0;
    rows = 0;
  }

  void finish() throws IOException {
    if (store != null) {
      flush(store);
    }
    writer.end(Map.of(SegmentFile.ROW_GROUPS, file.beginTail()));
    file.complete();
  }

  Map<String, Long> exceptions() {
    return exact.counts();
  }

  private void release() {
    if (store != null) {
      store.close();
      store = null;
    }
    if (pages != null) {
      pages.close();
      pages = null;
    }
  }

  /** Frees what the library and Zstandard hold. */
  @Override
  public void close() {
    release();
    codec.release();
  }
}
