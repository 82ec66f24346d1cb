package io.tideline.row;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** Rows as text of one line, exact for every value: for places in a walk that outlive a process. */
public final class RowText {
  private RowText() {}

  /** The text of a row. */
  public static String of(Row row) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < row.width(); i++) {
      text.append(i == 0 ? "" : " ").append(value(row, i));
    }
    return text.toString();
  }

  private static String value(Row row, int i) {
    return switch (row.kind(i)) {
      case NULL -> "n";
      case INTEGER -> "i" + row.integer(i);
      case REAL -> "r" + String.format(Locale.ROOT, "%016x", row.bits(i));
      case TEXT -> "t" + Base64.getEncoder().encodeToString(row.bytes(i));
      case BLOB -> "b" + Base64.getEncoder().encodeToString(row.bytes(i));
    };
  }

  /**
   * The row of a text.
   *
   * @throws IllegalArgumentException if it is none that {@link #of} made
   */
  public static Row parse(String text) {
    String[] values = text.split(" ", -1);
    Row row = new Row(values.length);
    for (int i = 0; i < values.length; i++) {
      set(row, i, values[i]);
    }
    return row;
  }

  private static void set(Row row, int i, String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("A value has no kind");
    }
    String rest = text.substring(1);
    switch (text.charAt(0)) {
      case 'n' -> row.setNull(i);
      case 'i' -> row.setInteger(i, Long.parseLong(rest));
      case 'r' -> row.setReal(i, Double.longBitsToDouble(Long.parseUnsignedLong(rest, 16)));
      case 't' -> row.setText(i, bytes(rest));
      case 'b' -> row.setBlob(i, bytes(rest));
      default -> throw new IllegalArgumentException("'" + text.charAt(0) + "' is no kind");
    }
  }

  private static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
  }
}
