package io.tideline.catalogue;

import io.tideline.row.Kind;

/**
 * The type in which a column's ordinary values are best kept and read. A value of another {@link
 * Kind} than {@link Family#kind()} may still stand in the column; it is kept exactly, beside.
 *
 * @param family what the values are
 * @param precision decimal digits in all, for {@link Family#DECIMAL}; else 0
 * @param scale decimal digits after the point, for {@link Family#DECIMAL}; else 0
 */
public record NaturalType(Family family, int precision, int scale) {
  /** The largest precision that archives keep as a decimal; beyond it, text serves. */
  public static final int MAX_PRECISION = 38;

  /** What the values of a column are. */
  public enum Family {
    /** Decided by the values found: SQLite columns that take anything. */
    ANY(Kind.NULL),
    /** Integers of 32 bits. */
    INT32(Kind.INTEGER),
    /** Integers of 64 bits. */
    INT64(Kind.INTEGER),
    /** 0 or 1. */
    BOOLEAN(Kind.INTEGER),
    /** IEEE 754 single precision, widened. */
    FLOAT32(Kind.REAL),
    /** IEEE 754 double precision. */
    FLOAT64(Kind.REAL),
    /** Numbers in decimal text with exactly {@code scale} digits after the point. */
    DECIMAL(Kind.TEXT),
    /** Text. */
    TEXT(Kind.TEXT),
    /** Text that holds JSON. */
    JSON(Kind.TEXT),
    /** The 36-character lower-case text form of a UUID. */
    UUID(Kind.TEXT),
    /** Bytes. */
    BLOB(Kind.BLOB),
    /** Days since 1970-01-01. */
    DATE(Kind.INTEGER),
    /** Microseconds since midnight. */
    TIME(Kind.INTEGER),
    /** Microseconds since 1970-01-01 00:00 of an unnamed zone. */
    TIMESTAMP(Kind.INTEGER),
    /** Microseconds since 1970-01-01 00:00 UTC. */
    TIMESTAMP_UTC(Kind.INTEGER);

    private final Kind kind;

    Family(Kind kind) {
      this.kind = kind;
    }

    /** The kind of an ordinary value; {@link Kind#NULL} for {@link #ANY}. */
    public Kind kind() {
      return kind;
    }
  }

  /** Checks precision and scale. */
  public NaturalType {
    boolean decimal = family == Family.DECIMAL;
    if (decimal
        ? precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision
        : precision != 0 || scale != 0) {
      throw new IllegalArgumentException(
          "Cannot have " + family + "(" + precision + ", " + scale + ")");
    }
  }

  /** A type without precision. */
  public static NaturalType of(Family family) {
    return new NaturalType(family, 0, 0);
  }
}
