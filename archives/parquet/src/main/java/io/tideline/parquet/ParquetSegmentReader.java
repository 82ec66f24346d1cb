package io.tideline.parquet;

import io.tideline.archive.ExactValues;
import io.tideline.archive.SegmentReader;
import io.tideline.archive.SegmentSchema;
import io.tideline.row.Row;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;

/** Reads one segment, each row group checked before it is decoded. */
final class ParquetSegmentReader implements SegmentReader {
  private final Path path;
  private final FileLayout layout;
  private final ExactValues exact;
  private final FileChannel channel;
  private final FileChecks checks;
  private final Zstandard codec = new Zstandard();
  private final @Nullable ColumnReader[] columns;
  private @Nullable ParquetFileReader file;
  private long left;
  private int group;

  private ParquetSegmentReader(Path path, SegmentSchema schema, FileChannel channel) {
    this.path = path;
    this.channel = channel;
    layout = FileLayout.of(schema);
    exact = new ExactValues(schema);
    checks = new FileChecks(channel);
    columns = new @Nullable ColumnReader[schema.columns().size() + 1];
  }

  static ParquetSegmentReader open(Path path, SegmentSchema schema) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw SegmentReader.corrupt(path, "it is missing", e);
    }
    ParquetSegmentReader reader = new ParquetSegmentReader(path, schema, channel);
    try {
      reader.guarded(reader::begin);
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
    return reader;
  }

  private void begin() throws IOException, DamageException {
    FileChecks.Mark mark = checks.checkFooter();
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(codec)
            .withAllocator(new SizedAllocator())
            .usePageChecksumVerification(true)
            .build();
    ParquetFileReader opened = ParquetFileReader.open(new LocalInputFile(path), options);
    file = opened;
    if (!opened.getFileMetaData().getSchema().equals(layout.message())) {
      throw new DamageException("its columns are not those of its manifest");
    }
    String sums = opened.getFileMetaData().getKeyValueMetaData().get(SegmentFile.ROW_GROUPS);
    checks.rowGroups(sums == null ? "" : sums, opened.getRowGroups().size(), mark);
  }

  @Override
  public boolean next(Row row) throws IOException {
    if (left == 0 && !nextGroup(row)) {
      return false;
    }
    guarded(() -> fill(row));
    left--;
    return true;
  }

  /** Lets the last row's values and columns go first: they may be large, and so the next. */
  private boolean nextGroup(Row row) throws IOException {
    ParquetFileReader opened = file;
    if (opened == null) {
      throw new IllegalStateException("The reader is closed");
    }
    if (group == opened.getRowGroups().size()) {
      return false;
    }
    Arrays.fill(columns, null);
    for (int i = 0; i < row.width(); i++) {
      row.setNull(i);
    }
    guarded(
        () -> {
          while (left == 0 && group < opened.getRowGroups().size()) {
            checks.checkRowGroup(group++);
            begin(opened, opened.readNextRowGroup());
          }
        });
    return left > 0;
  }

  private void begin(ParquetFileReader opened, PageReadStore pages) {
    ColumnReadStoreImpl store =
        new ColumnReadStoreImpl(
            pages, new NoConverters(), layout.message(), opened.getFileMetaData().getCreatedBy());
    for (int i = 0; i < columns.length; i++) {
      columns[i] = store.getColumnReader(layout.message().getColumns().get(i));
    }
    left = pages.getRowCount();
  }

  private void fill(Row row) {
    Cell[] cells = layout.cells();
    for (int i = 0; i < cells.length; i++) {
      ColumnReader column = column(i);
      if (column.getCurrentDefinitionLevel() == 0) {
        row.setNull(i);
      } else {
        cells[i].read(column, row, i);
      }
      column.consume();
    }
    ColumnReader column = column(cells.length);
    if (column.getCurrentDefinitionLevel() != 0) {
      exact.read(column.getBinary().getBytes(), row);
    }
    column.consume();
  }

  private ColumnReader column(int i) {
    return Objects.requireNonNull(columns[i], "a row group was begun");
  }

  /** Whatever the library says of damage, the caller hears that the file is corrupt. */
  private void guarded(Step step) throws IOException {
    try {
      step.run();
    } catch (DamageException e) {
      throw SegmentReader.corrupt(path, String.valueOf(e.getMessage()), e);
    } catch (EOFException e) {
      throw SegmentReader.corrupt(path, "it ends early", e);
    } catch (RuntimeException e) {
      throw SegmentReader.corrupt(
          path, "it cannot be decoded (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  @Override
  public void close() throws IOException {
    codec.release();
    try (FileChannel closed = channel) {
      if (file != null) {
        file.close();
      }
    }
  }

  private interface Step {
    void run() throws IOException, DamageException;
  }
}
