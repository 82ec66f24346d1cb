package io.tideline.text;

import io.tideline.archive.NaturalValues;
import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.row.Row;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows for people and their programs, without what only a restore needs. Not thread-safe.
 *
 * <p>A value of another kind than its column's is written as what it is: text in a column of
 * integers as that text. Times are ISO 8601, those of UTC with {@code Z}; blobs {@code \x} and
 * lower-case hexadecimal digits; text that is not UTF-8 has U+FFFD where it is not.
 */
public final class RowExporter {
  /** What the output looks like. */
  public enum Form {
    /**
     * RFC 4180: a header, lines that end in CR LF, no value as nothing, an empty text as {@code
     * ""}.
     */
    CSV,
    /** One JSON array, an object for each row; reals that are not finite are strings. */
    JSON,
    /** One JSON object per line. */
    JSONL
  }

  private final TextBuffer out;
  private final Cells cells;
  private final NaturalType[] types;

  private RowExporter(Form form, OutputStream stream, List<String> names, NaturalType[] types)
      throws IOException {
    out = new TextBuffer(stream);
    this.types = types;
    cells =
        switch (form) {
          case CSV -> new CsvCells(out, names);
          case JSON -> new JsonCells(out, names, false);
          case JSONL -> new JsonCells(out, names, true);
        };
  }

  /** Begins an output of rows that {@link #row(Row)} takes, and writes its header if it has one. */
  public static RowExporter of(Form form, OutputStream out, SegmentSchema schema)
      throws IOException {
    return new RowExporter(
        form,
        out,
        schema.columns().stream().map(SegmentColumn::name).toList(),
        schema.columns().stream().map(SegmentColumn::type).toArray(NaturalType[]::new));
  }

  /** Begins an output of values that {@link #row(Object[])} takes. */
  public static RowExporter of(Form form, OutputStream out, List<String> columns)
      throws IOException {
    return new RowExporter(form, out, columns, new NaturalType[0]);
  }

  /** Writes a row of the schema that the output was begun with. */
  public void row(Row row) throws IOException {
    cells.beginRow();
    for (int i = 0; i < types.length; i++) {
      cells.beginCell(i);
      value(row, i, types[i]);
    }
    cells.endRow();
  }

  /**
   * Writes a row of values.
   *
   * @param values as {@link io.tideline.archive.QueryEngine.Result#row} gets them
   */
  public void row(@Nullable Object[] values) throws IOException {
    cells.beginRow();
    for (int i = 0; i < values.length; i++) {
      cells.beginCell(i);
      ObjectValues.write(cells, values[i]);
    }
    cells.endRow();
  }

  /** Ends the output and flushes the stream, which stays open. */
  public void finish() throws IOException {
    cells.finish();
    out.flush();
  }

  private void value(Row row, int i, NaturalType type) throws IOException {
    switch (row.kind(i)) {
      case NULL -> cells.nothing();
      case INTEGER -> integer(row.integer(i), type.family());
      case REAL -> real(row.real(i), type.family());
      case BLOB -> cells.bytes(row.bytes(i));
      case TEXT -> text(row, i, type);
    }
  }

  private void integer(long value, Family family) throws IOException {
    if (family == Family.BOOLEAN && (value == 0 || value == 1)) {
      cells.word(value == 1 ? "true" : "false");
    } else if (isTime(value, family)) {
      cells.quote();
      switch (family) {
        case DATE -> IsoTime.day(out, value);
        case TIME -> IsoTime.time(out, value);
        default -> IsoTime.timestamp(out, value, family == Family.TIMESTAMP_UTC);
      }
      cells.quote();
    } else {
      cells.word(Long.toString(value));
    }
  }

  private static boolean isTime(long value, Family family) {
    return switch (family) {
      case DATE -> IsoTime.printsDay(value);
      case TIME -> value >= 0 && value <= NaturalValues.DAY_MICROS;
      case TIMESTAMP, TIMESTAMP_UTC -> IsoTime.printsMicros(value);
      default -> false;
    };
  }

  private void real(double value, Family family) throws IOException {
    boolean single = family == Family.FLOAT32 && Double.compare((float) value, value) == 0;
    cells.real(value, single ? Float.toString((float) value) : Double.toString(value));
  }

  private void text(Row row, int i, NaturalType type) throws IOException {
    byte[] bytes = row.bytes(i);
    boolean natural = type.family() != Family.ANY && NaturalValues.keeps(type, row, i);
    if (natural && type.family() == Family.JSON) {
      cells.json(bytes);
    } else if (natural && type.family() == Family.DECIMAL) {
      cells.word(row.text(i));
    } else {
      cells.text(bytes);
    }
  }
}
