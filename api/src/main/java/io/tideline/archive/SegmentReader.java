package io.tideline.archive;

import io.tideline.row.Row;
import java.io.IOException;

/** Reads one segment in the order it was written, every value as it was, kind and bits. */
public interface SegmentReader extends AutoCloseable {
  /**
   * Fills {@code row} with the next row.
   *
   * @return whether there was one
   * @throws io.tideline.error.TidelineException {@code ARCHIVE_CORRUPT} if the file is damaged
   */
  boolean next(Row row) throws IOException;

  @Override
  void close() throws IOException;
}
