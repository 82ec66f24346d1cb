package io.tideline.postgresql;

import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import java.util.Map;

/**
 * How the values of a type travel: which binary form is read, and which text is written.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, binary format</a>
 */
enum Codec {
  BOOL(Family.BOOLEAN),
  INT2(Family.INT32),
  INT4(Family.INT32),
  INT8(Family.INT64),
  OID(Family.INT64),
  FLOAT4(Family.FLOAT32),
  FLOAT8(Family.FLOAT64),
  NUMERIC(Family.TEXT),
  TEXT(Family.TEXT),
  JSON(Family.JSON),
  JSONB(Family.JSON),
  UUID(Family.UUID),
  BYTEA(Family.BLOB),
  DATE(Family.DATE),
  TIME(Family.TIME),
  TIMESTAMP(Family.TIMESTAMP),
  TIMESTAMPTZ(Family.TIMESTAMP_UTC),
  /** The text of the type's own output function. */
  OUTPUT(Family.TEXT);

  private static final Map<String, Codec> BY_TYPE =
      Map.ofEntries(
          Map.entry("bool", BOOL),
          Map.entry("int2", INT2),
          Map.entry("int4", INT4),
          Map.entry("int8", INT8),
          Map.entry("oid", OID),
          Map.entry("float4", FLOAT4),
          Map.entry("float8", FLOAT8),
          Map.entry("numeric", NUMERIC),
          Map.entry("text", TEXT),
          Map.entry("varchar", TEXT),
          Map.entry("bpchar", TEXT),
          Map.entry("name", TEXT),
          Map.entry("json", JSON),
          Map.entry("jsonb", JSONB),
          Map.entry("uuid", UUID),
          Map.entry("bytea", BYTEA),
          Map.entry("date", DATE),
          Map.entry("time", TIME),
          Map.entry("timestamp", TIMESTAMP),
          Map.entry("timestamptz", TIMESTAMPTZ));

  private final Family family;

  Codec(Family family) {
    this.family = family;
  }

  /** The codec of a type of {@code pg_catalog}; {@link #OUTPUT} for every other. */
  static Codec of(String schema, String type) {
    return schema.equals("pg_catalog") ? BY_TYPE.getOrDefault(type, OUTPUT) : OUTPUT;
  }

  /**
   * The natural type of a column.
   *
   * @param typmod the type modifier; for numeric, precision and scale in its two halves
   */
  NaturalType natural(int typmod) {
    if (this == NUMERIC && typmod >= 4) {
      int precision = ((typmod - 4) >> 16) & 0xffff;
      // The scale has 11 bits with a sign since PostgreSQL 15 (numeric.c, numeric_typmod_scale).
      int scale = (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
      if (precision <= NaturalType.MAX_PRECISION && scale >= 0 && scale <= precision) {
        return new NaturalType(Family.DECIMAL, precision, scale);
      }
    }
    return NaturalType.of(family);
  }

  /** Whether an integer stands for a time. */
  boolean temporal() {
    return this == DATE || this == TIMESTAMP || this == TIMESTAMPTZ;
  }
}
