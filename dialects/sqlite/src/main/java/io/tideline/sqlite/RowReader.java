package io.tideline.sqlite;

import io.tideline.row.Row;
import io.tideline.row.RowSink;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.sqlite.core.DB;

/**
 * Reads the rows of a statement through the driver's core interface: a call into SQLite for each
 * value is what reading costs, and {@code ResultSet} makes more of them.
 *
 * @see <a href="https://sqlite.org/c3ref/column_blob.html">Result values from a query</a>
 */
final class RowReader {
  private static final int ROW = 100;
  private static final int DONE = 101;
  private static final int TYPE_INTEGER = 1;
  private static final int TYPE_REAL = 2;
  private static final int TYPE_TEXT = 3;
  private static final int TYPE_BLOB = 4;

  private RowReader() {}

  /** Gives every row from the present one to the sink until it wants no more. */
  static long drain(Encoding encoding, DB core, long pointer, Row row, RowSink sink)
      throws SQLException {
    long rows = 0;
    int code = ROW;
    while (code == ROW) {
      if (encoding == Encoding.UTF8) {
        fill(core, pointer, row);
      } else {
        fillWide(encoding, core, pointer, row);
      }
      rows++;
      if (!sink.accept(row)) {
        return rows;
      }
      code = core.step(pointer);
    }
    if (code != DONE) {
      core.throwex(code);
    }
    return rows;
  }

  private static void fill(DB core, long pointer, Row row) throws SQLException {
    int width = row.width();
    for (int i = 0; i < width; i++) {
      switch (core.column_type(pointer, i)) {
        case TYPE_INTEGER -> row.setInteger(i, core.column_long(pointer, i));
        case TYPE_REAL -> row.setReal(i, core.column_double(pointer, i));
        case TYPE_TEXT -> row.setText(i, core.column_blob(pointer, i));
        case TYPE_BLOB -> row.setBlob(i, core.column_blob(pointer, i));
        default -> row.setNull(i);
      }
    }
  }

  /**
   * Text of a UTF-16 database comes as a blob behind a flag ({@link Sql#results}): the length that
   * SQLite gives for a text is that of its UTF-8 form.
   */
  private static void fillWide(Encoding encoding, DB core, long pointer, Row row)
      throws SQLException {
    int width = row.width();
    for (int i = 0; i < width; i++) {
      int column = 2 * i + 1;
      switch (core.column_type(pointer, column)) {
        case TYPE_INTEGER -> row.setInteger(i, core.column_long(pointer, column));
        case TYPE_REAL -> row.setReal(i, core.column_double(pointer, column));
        case TYPE_TEXT ->
            row.setText(i, core.column_text(pointer, column).getBytes(StandardCharsets.UTF_8));
        case TYPE_BLOB -> {
          byte[] bytes = core.column_blob(pointer, column);
          if (core.column_int(pointer, 2 * i) != 0) {
            row.setText(i, encoding.toUtf8(bytes));
          } else {
            row.setBlob(i, bytes);
          }
        }
        default -> row.setNull(i);
      }
    }
  }
}
