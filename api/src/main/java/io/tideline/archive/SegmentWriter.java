package io.tideline.archive;

import io.tideline.row.Row;
import java.io.IOException;
import java.util.Map;

/** Writes one segment. Heap is bounded (some tens of MB), whatever the number of rows. */
public interface SegmentWriter extends AutoCloseable {
  /** Appends a row, copying what it keeps. */
  void write(Row row) throws IOException;

  /** Completes the file. Nothing but {@link #schema}, {@link #exceptions} and close may follow. */
  void finish() throws IOException;

  /** The schema with every type decided; valid after {@link #finish}. */
  SegmentSchema schema();

  /** How many values of each column stand in the column of exact values; valid after finish. */
  Map<String, Long> exceptions();

  /** Closes the file; without {@link #finish} it is of no use. */
  @Override
  void close() throws IOException;
}
