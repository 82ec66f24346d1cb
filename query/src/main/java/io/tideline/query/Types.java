package io.tideline.query;

import io.tideline.catalogue.NaturalType;

/** Natural types in DuckDB. */
final class Types {
  /** Microseconds of 290309-12-22 (BC). */
  private static final String FIRST_TIMESTAMP = "-9223372022400000000";

  private Types() {}

  /** The type of a column in a view. */
  static String name(NaturalType type) {
    return switch (type.family()) {
      case INT32 -> "INTEGER";
      case INT64 -> "BIGINT";
      case BOOLEAN -> "BOOLEAN";
      case FLOAT32 -> "FLOAT";
      case FLOAT64 -> "DOUBLE";
      case DECIMAL -> "DECIMAL(" + type.precision() + ", " + type.scale() + ")";
      case JSON -> "JSON";
      case UUID -> "UUID";
      case BLOB -> "BLOB";
      case DATE -> "DATE";
      case TIME -> "TIME";
      case TIMESTAMP -> "TIMESTAMP";
      case TIMESTAMP_UTC -> "TIMESTAMPTZ";
      case TEXT, ANY -> "VARCHAR";
    };
  }

  /** The type that a member of a JSONL line is read as; what is a string there is cast later. */
  static String json(NaturalType type) {
    return switch (type.family()) {
      case INT32, INT64, BOOLEAN, FLOAT32, FLOAT64 -> name(type);
      default -> "VARCHAR";
    };
  }

  /**
   * A value as text: blobs in lower-case hexadecimal digits, times without a zone before DuckDB's
   * first as their microseconds, all else as DuckDB prints it.
   */
  static String text(String value, NaturalType type) {
    String printed = "CAST(" + value + " AS VARCHAR)";
    return switch (type.family()) {
      case BLOB -> "lower(hex(" + value + "))";
      // A file may hold any 64 bits, and DuckDB 2.0 ends the whole database over an early one:
      // https://duckdb.org/docs/stable/sql/data_types/timestamp gives the range.
      case TIMESTAMP ->
          "CASE WHEN epoch_us(%1$s) < %2$s THEN CAST(epoch_us(%1$s) AS VARCHAR) ELSE %3$s END"
              .formatted(value, FIRST_TIMESTAMP, printed);
      default -> printed;
    };
  }
}
