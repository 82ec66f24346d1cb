package io.tideline.parquet;

import io.tideline.archive.FirstRows;
import io.tideline.archive.SegmentSchema;
import io.tideline.archive.SegmentWriter;
import io.tideline.row.Row;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one segment: holds the first rows back, then passes rows to row groups. */
final class ParquetSegmentWriter implements SegmentWriter {
  private static final int BUFFER = 1 << 16;

  private final OutputStream out;
  private final SegmentFile file;
  private final int width;
  private @Nullable FirstRows first;
  private @Nullable RowGroups groups;
  private @Nullable SegmentSchema decided;
  private boolean finished;
  private boolean closed;

  ParquetSegmentWriter(OutputStream out, SegmentSchema schema) {
    this.out = new BufferedOutputStream(out, BUFFER);
    this.file = new SegmentFile(this.out);
    this.width = schema.columns().size();
    this.first = new FirstRows(schema);
  }

  @Override
  public void write(Row row) throws IOException {
    FirstRows held = first;
    if (held == null) {
      guarded(() -> groups().write(row));
    } else if (!held.offer(row)) {
      guarded(
          () -> {
            begin(held);
            groups().write(row);
          });
    }
  }

  @Override
  public void finish() throws IOException {
    FirstRows held = first;
    if (held != null) {
      guarded(() -> begin(held));
    }
    guarded(groups()::finish);
    finished = true;
  }

  private void begin(FirstRows held) throws IOException {
    first = null;
    SegmentSchema schema = held.decide();
    decided = schema;
    RowGroups begun = new RowGroups(file, schema, held.rows());
    groups = begun;
    Row row = new Row(width);
    for (int i = 0; i < held.rows().size(); i++) {
      held.rows().get(i, row);
      begun.write(row);
    }
  }

  private RowGroups groups() {
    if (groups == null) {
      throw new IllegalStateException("The writer failed before");
    }
    return groups;
  }

  /** The library wraps some failures of the stream; the caller gets them as they were. */
  private void guarded(Step step) throws IOException {
    IOException before = file.failure();
    if (before != null) {
      throw new IOException("The segment cannot go on after a failure", before);
    }
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      IOException failure = file.failure();
      if (failure != null) {
        throw failure;
      }
      throw e;
    }
  }

  @Override
  public SegmentSchema schema() {
    return finished(decided);
  }

  @Override
  public Map<String, Long> exceptions() {
    return finished(groups).exceptions();
  }

  private <T> T finished(@Nullable T value) {
    if (!finished || value == null) {
      throw new IllegalStateException("The segment is not finished");
    }
    return value;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (groups != null) {
      groups.close();
    }
    try {
      out.close();
    } catch (IOException e) {
      // An unfinished file is of no use, and its owner already knows why.
      if (finished) {
        throw e;
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }
}
