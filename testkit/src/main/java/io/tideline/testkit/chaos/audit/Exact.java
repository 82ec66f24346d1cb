package io.tideline.testkit.chaos.audit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** Values as text that is the same exactly if kind and bits are. */
final class Exact {
  static final String NULL = "null";

  private Exact() {}

  static String integer(long value) {
    return "integer:" + value;
  }

  static String real(double value) {
    return "real:" + String.format(Locale.ROOT, "%016x", Double.doubleToRawLongBits(value));
  }

  static String text(String value) {
    return text(value.getBytes(StandardCharsets.UTF_8));
  }

  static String text(byte[] utf8) {
    return "text:" + HexFormat.of().formatHex(utf8);
  }

  static String blob(byte[] value) {
    return "blob:" + HexFormat.of().formatHex(value);
  }

  static String blob(String hex) {
    return "blob:" + hex.toLowerCase(Locale.ROOT);
  }
}
