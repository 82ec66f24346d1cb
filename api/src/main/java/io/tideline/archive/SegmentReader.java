package io.tideline.archive;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import java.io.IOException;
import java.nio.file.Path;

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

  /**
   * The failure of a reader whose file is damaged.
   *
   * @param file the file
   * @param why what is wrong with it, as a clause without row values
   */
  static TidelineException corrupt(Path file, String why, Exception cause) {
    return new TidelineException(
        ErrorCode.ARCHIVE_CORRUPT,
        "Cannot read segment " + file + ": " + why + ".",
        "Nothing was changed.",
        "Bring the file back from a copy of the archive, then run `tideline verify`.",
        cause);
  }
}
