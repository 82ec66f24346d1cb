package io.tideline.text;

import io.tideline.archive.SegmentFormat;
import io.tideline.archive.SegmentReader;
import io.tideline.archive.SegmentSchema;
import io.tideline.archive.SegmentWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Segments as UTF-8 text, one JSON object per line, each line ended by a line feed, without white
 * space outside strings.
 *
 * <p>The members stand in the order of the schema, under the names of {@link
 * SegmentSchema#fileNames}: integers and finite reals as numbers, booleans as {@code true} and
 * {@code false}, texts, JSON, UUIDs and decimals as strings, blobs as strings of lower-case
 * hexadecimal digits, dates, times and timestamps as strings of ISO 8601 ({@code 2026-05-02},
 * {@code 10:00:00.123456}, {@code 2026-05-02T10:00:00}, with {@code Z} for UTC; six digits of a
 * fraction or none), no value as {@code null}. Where a row has exact values, the object of {@link
 * SegmentSchema#EXACT} follows under {@link SegmentSchema#exactColumn()}; the natural member is
 * {@code null} then. Reals that are not finite and years outside 1 to 9999 are exact values too.
 * Last comes the row's number from 0, under {@link SegmentSchema#ordinalColumn()}, by which readers
 * that work in parallel know a row.
 *
 * <p>Reading is strict: only what the writer writes is taken. A file cut off between two lines, and
 * a letter changed inside a string, are for the digests of the manifest to find.
 */
public final class JsonlFormat implements SegmentFormat {
  /** Made by {@link java.util.ServiceLoader}. */
  public JsonlFormat() {}

  @Override
  public String name() {
    return "jsonl";
  }

  @Override
  public String extension() {
    return "jsonl";
  }

  @Override
  public SegmentWriter write(OutputStream out, SegmentSchema schema) {
    return new JsonlSegmentWriter(out, schema);
  }

  @Override
  public SegmentReader read(Path file, SegmentSchema schema) throws IOException {
    return JsonlSegmentReader.open(file, schema);
  }
}
