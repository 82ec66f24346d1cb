package io.tideline.core.time;

/** Parses a decimal number in text without allocating; holds the number parsed last. */
final class DecimalText {
  /** The number rounded down. */
  long whole;

  /** What follows {@link #whole}, in billionths, rounded down. */
  int billionths;

  /** Whether the bytes are an optional minus, digits, and perhaps a point and digits. */
  boolean parse(byte[] text) {
    boolean negative = text.length > 0 && text[0] == '-';
    int from = negative ? 1 : 0;
    int at = from;
    long number = 0;
    while (at < text.length && digit(text[at])) {
      // Nineteen digits may pass the largest long; the sign bit then tells, before more come.
      number = number * 10 + (text[at++] - '0');
      if (number < 0 || at - from > 19) {
        return false;
      }
    }
    if (at == from) {
      return false;
    }
    int fraction = 0;
    if (at < text.length) {
      fraction = fraction(text, at);
      if (fraction < 0) {
        return false;
      }
    }
    whole = negative ? -number - (fraction > 0 ? 1 : 0) : number;
    billionths = negative && fraction > 0 ? 1_000_000_000 - fraction : fraction;
    return true;
  }

  private static int fraction(byte[] text, int point) {
    if (text[point] != '.' || point + 1 == text.length) {
      return -1;
    }
    int fraction = 0;
    int digits = 0;
    for (int at = point + 1; at < text.length; at++) {
      if (!digit(text[at])) {
        return -1;
      }
      if (digits < 9) {
        fraction = fraction * 10 + (text[at] - '0');
        digits++;
      }
    }
    for (; digits < 9; digits++) {
      fraction *= 10;
    }
    return fraction;
  }

  private static boolean digit(byte b) {
    return b >= '0' && b <= '9';
  }
}
