package io.tideline.sqlite;

import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import java.util.Locale;

/**
 * What SQLite makes of a column's declared type.
 *
 * @see <a href="https://sqlite.org/datatype3.html#determination_of_column_affinity">Column
 *     affinity</a>
 */
enum Affinity {
  INTEGER,
  TEXT,
  /** Every value is kept as it is given. */
  NONE,
  REAL,
  NUMERIC;

  /** The affinity of a column outside a STRICT table; the rules apply in this order. */
  static Affinity of(String declaredType) {
    String type = declaredType.toUpperCase(Locale.ROOT);
    if (type.contains("INT")) {
      return INTEGER;
    }
    if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT")) {
      return TEXT;
    }
    if (type.isEmpty() || type.contains("BLOB")) {
      return NONE;
    }
    return type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB") ? REAL : NUMERIC;
  }

  /**
   * Whether an index over a column of another affinity serves a comparison with a value of this
   * one: not where the comparison converts what is in the index.
   */
  boolean comparedByIndexOf(Affinity column) {
    if (this == NONE || column == this) {
      return true;
    }
    return numeric(column);
  }

  private static boolean numeric(Affinity affinity) {
    return affinity != TEXT && affinity != NONE;
  }

  /** The type in which a column's ordinary values are kept. */
  static NaturalType natural(String declaredType, boolean strict) {
    if (strict && declaredType.equalsIgnoreCase("ANY")) {
      return NaturalType.of(Family.ANY);
    }
    return NaturalType.of(
        switch (of(declaredType)) {
          case INTEGER -> Family.INT64;
          case TEXT -> Family.TEXT;
          case REAL -> Family.FLOAT64;
          case NUMERIC -> Family.ANY;
          case NONE -> declaredType.isEmpty() ? Family.ANY : Family.BLOB;
        });
  }
}
