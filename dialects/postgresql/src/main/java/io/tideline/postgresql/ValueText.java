package io.tideline.postgresql;

import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Values in the text that the input function of a column's type reads back to the same value. */
final class ValueText {
  private ValueText() {}

  /**
   * Value {@code i}, not null, for a column of {@code codec}, as bytes in the session's encoding.
   */
  static byte[] bytes(Row row, int i, Codec codec) {
    return row.kind(i) == Kind.TEXT
        ? row.bytes(i)
        : ascii(row, i, codec).getBytes(StandardCharsets.US_ASCII);
  }

  /** Value {@code i}, neither null nor text. */
  static String ascii(Row row, int i, Codec codec) {
    return switch (row.kind(i)) {
      case INTEGER -> integer(row.integer(i), codec);
      case REAL -> real(row.real(i), codec);
      case BLOB -> "\\x" + HexFormat.of().formatHex(row.bytes(i));
      case NULL, TEXT -> throw new IllegalArgumentException("Cannot write a value of another kind");
    };
  }

  private static String integer(long value, Codec codec) {
    return switch (codec) {
      case BOOL -> value == 0 ? "f" : "t";
      case DATE -> TimeText.date(value);
      case TIME -> TimeText.time(value);
      case TIMESTAMP -> TimeText.timestamp(value, "");
      case TIMESTAMPTZ -> TimeText.timestamp(value, "+00");
      default -> Long.toString(value);
    };
  }

  private static String real(double value, Codec codec) {
    return codec == Codec.FLOAT4 ? Float.toString((float) value) : Double.toString(value);
  }
}
