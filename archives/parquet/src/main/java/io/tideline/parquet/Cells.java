package io.tideline.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.dateType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.jsonType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timeType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;

import io.tideline.catalogue.NaturalType;
import io.tideline.row.Row;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** The cells of every natural type. */
final class Cells {
  private Cells() {}

  static Cell of(NaturalType type) {
    return switch (type.family()) {
      case INT32 -> new Int(null);
      case DATE -> new Int(dateType());
      case INT64 -> new Long(null);
      case TIME -> new Long(timeType(false, TimeUnit.MICROS));
      case TIMESTAMP -> new Long(timestampType(false, TimeUnit.MICROS));
      case TIMESTAMP_UTC -> new Long(timestampType(true, TimeUnit.MICROS));
      case BOOLEAN -> new Bool();
      case FLOAT32 -> new Single();
      case FLOAT64 -> new Real();
      case DECIMAL -> DecimalCell.of(type.precision(), type.scale());
      case TEXT -> new Text(stringType());
      case JSON -> new Text(jsonType());
      case UUID -> new UuidCell();
      case BLOB -> new Blob();
      case ANY -> throw new IllegalArgumentException("Cannot store an undecided type");
    };
  }

  static PrimitiveType optional(
      PrimitiveTypeName type, @Nullable LogicalTypeAnnotation meaning, String name) {
    return Types.optional(type).as(meaning).named(name);
  }

  private record Int(@Nullable LogicalTypeAnnotation meaning) implements Cell {
    @Override
    public PrimitiveType type(String name) {
      return optional(PrimitiveTypeName.INT32, meaning, name);
    }

    @Override
    public void write(ColumnWriter out, Row row, int i) {
      out.write((int) row.integer(i), 0, PRESENT);
    }

    @Override
    public void read(ColumnReader in, Row row, int i) {
      row.setInteger(i, in.getInteger());
    }
  }

  private record Long(@Nullable LogicalTypeAnnotation meaning) implements Cell {
    @Override
    public PrimitiveType type(String name) {
      return optional(PrimitiveTypeName.INT64, meaning, name);
    }

    @Override
    public void write(ColumnWriter out, Row row, int i) {
      out.write(row.integer(i), 0, PRESENT);
    }

    @Override
    public void read(ColumnReader in, Row row, int i) {
      row.setInteger(i, in.getLong());
    }
  }

  private record Bool() implements Cell {
    @Override
    public PrimitiveType type(String name) {
      return optional(PrimitiveTypeName.BOOLEAN, null, name);
    }

    @Override
    public void write(ColumnWriter out, Row row, int i) {
      out.write(row.integer(i) == 1, 0, PRESENT);
    }

    @Override
    public void read(ColumnReader in, Row row, int i) {
      row.setInteger(i, in.getBoolean() ? 1 : 0);
    }
  }

  private record Single() implements Cell {
    @Override
    public PrimitiveType type(String name) {
      return optional(PrimitiveTypeName.FLOAT, null, name);
    }

    @Override
    public void write(ColumnWriter out, Row row, int i) {
      out.write((float) row.real(i), 0, PRESENT);
    }

    @Override
    public void read(ColumnReader in, Row row, int i) {
      row.setReal(i, in.getFloat());
    }
  }

  private record Real() implements Cell {
    @Override
    public PrimitiveType type(String name) {
      return optional(PrimitiveTypeName.DOUBLE, null, name);
    }

    @Override
    public void write(ColumnWriter out, Row row, int i) {
      out.write(row.real(i), 0, PRESENT);
    }

    @Override
    public void read(ColumnReader in, Row row, int i) {
      row.setReal(i, in.getDouble());
    }
  }

  private record Text(LogicalTypeAnnotation meaning) implements Cell {
    @Override
    public PrimitiveType type(String name) {
      return optional(PrimitiveTypeName.BINARY, meaning, name);
    }

    @Override
    public void write(ColumnWriter out, Row row, int i) {
      out.write(Binary.fromReusedByteArray(row.bytes(i)), 0, PRESENT);
    }

    @Override
    public void read(ColumnReader in, Row row, int i) {
      row.setText(i, in.getBinary().getBytes());
    }
  }

  private record Blob() implements Cell {
    @Override
    public PrimitiveType type(String name) {
      return optional(PrimitiveTypeName.BINARY, null, name);
    }

    @Override
    public void write(ColumnWriter out, Row row, int i) {
      out.write(Binary.fromReusedByteArray(row.bytes(i)), 0, PRESENT);
    }

    @Override
    public void read(ColumnReader in, Row row, int i) {
      row.setBlob(i, in.getBinary().getBytes());
    }
  }
}
