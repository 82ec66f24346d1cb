package io.tideline.query;

import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;

/** Natural types in DuckDB. */
final class Types {
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

  /** A value as text: blobs in lower-case hexadecimal digits, all else as DuckDB prints it. */
  static String text(String value, NaturalType type) {
    return type.family() == Family.BLOB
        ? "lower(hex(" + value + "))"
        : "CAST(" + value + " AS VARCHAR)";
  }
}
