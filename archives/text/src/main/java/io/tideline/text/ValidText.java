package io.tideline.text;

import io.tideline.archive.NaturalValues;
import java.nio.charset.StandardCharsets;

/** Text that every program takes. */
final class ValidText {
  private ValidText() {}

  /** The same bytes, or U+FFFD where they are not UTF-8. */
  static byte[] of(byte[] text) {
    return NaturalValues.isText(text)
        ? text
        : new String(text, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
  }
}
