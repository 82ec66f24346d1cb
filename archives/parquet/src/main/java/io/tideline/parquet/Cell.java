package io.tideline.parquet;

import io.tideline.row.Row;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.schema.PrimitiveType;

/** How the ordinary values of one natural type pass to and from a Parquet column. */
interface Cell {
  /** The definition level of a value that is there, in a flat and optional column. */
  int PRESENT = 1;

  /** The column's type in the file. */
  PrimitiveType type(String name);

  /** Writes value {@code i}, which the natural type keeps whole. */
  void write(ColumnWriter out, Row row, int i);

  /** Reads the current value, which is not null. */
  void read(ColumnReader in, Row row, int i);
}
