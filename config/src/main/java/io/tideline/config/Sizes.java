package io.tideline.config;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes such as {@code 32MB}; units are powers of 1024. */
final class Sizes {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*([KMG]?)I?B?");

  private Sizes() {}

  /** The bytes; empty if the text is no size above zero. */
  static OptionalLong parse(String text) {
    Matcher form = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!form.matches()) {
      return OptionalLong.empty();
    }
    int shift =
        switch (form.group(2)) {
          case "K" -> 10;
          case "M" -> 20;
          case "G" -> 30;
          default -> 0;
        };
    long bytes = Long.parseLong(form.group(1)) << shift;
    return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
  }
}
