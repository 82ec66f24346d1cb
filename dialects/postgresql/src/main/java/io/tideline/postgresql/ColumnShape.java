package io.tideline.postgresql;

/**
 * What the dialect must know of a column beyond the catalogue's noun.
 *
 * @param name its name
 * @param codec how its values travel
 * @param base its type, domains resolved, quoted and with its schema: names exactly one type
 * @param plain the same type with its length or precision, as a column is declared
 * @param output the output function of its type, quoted and with its schema
 * @param length the bytes of every value; negative where they differ
 * @param operators the quoted schema in which its comparison operators live
 * @param collation its collation, quoted and with its schema, if that takes different texts for
 *     equal; else empty
 */
record ColumnShape(
    String name,
    Codec codec,
    String base,
    String plain,
    String output,
    int length,
    String operators,
    String collation) {
  private static final String CATALOG = "\"pg_catalog\"";

  /** Whether plain comparison signs mean its type's own comparison. */
  boolean ordinary() {
    return operators.equals(CATALOG);
  }

  /** Whether its type is an array, of which there are no arrays. */
  boolean array() {
    return base.contains(".\"_");
  }

  /** A comparison sign as its type means it, whatever the search path. */
  String operator(String sign) {
    return ordinary() ? sign : "OPERATOR(" + operators + "." + sign + ")";
  }

  /**
   * Its value in a SELECT list: as it is where the binary form is read, else the text that the
   * type's own output function gives. A cast to text would not do: casts can be redefined, and that
   * of {@code char(n)} drops blanks.
   */
  String value(String expression) {
    return codec == Codec.OUTPUT ? text(expression) : expression;
  }

  /** The text that its type's output function gives. */
  String text(String expression) {
    return "pg_catalog.textin(" + output + "(" + expression + "))";
  }
}
