package io.tideline.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** A file format for segments; found by {@link java.util.ServiceLoader}. Every bit is kept. */
public interface SegmentFormat {
  /** The format's name in policies and manifests: {@code parquet}, {@code jsonl}. */
  String name();

  /** The file name's ending, without the dot. */
  String extension();

  /**
   * Begins a segment.
   *
   * @param out where the file goes; the writer closes it, the caller has made it and makes it
   *     durable
   * @param schema what the rows hold; types may be {@code ANY}
   */
  SegmentWriter write(OutputStream out, SegmentSchema schema) throws IOException;

  /**
   * Opens a segment.
   *
   * @param schema as the {@link SegmentWriter#schema() writer} left it
   * @throws io.tideline.error.TidelineException {@code ARCHIVE_CORRUPT} if the file is not a
   *     segment of this format and schema
   */
  SegmentReader read(Path file, SegmentSchema schema) throws IOException;
}
