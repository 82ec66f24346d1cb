package io.tideline.archive;

/**
 * Whether text is JSON (RFC 8259) that every reader takes: DuckDB refuses a whole column for one
 * value that is not. Also left out, because readers differ: an escaped surrogate that stands alone,
 * exponents of over two digits, numbers of over 200 letters, and nesting deeper than 100.
 */
final class JsonSyntax {
  private static final int LONGEST_NUMBER = 200;
  private static final int DEEPEST = 100;

  private final byte[] text;
  private int at;

  private JsonSyntax(byte[] text) {
    this.text = text;
  }

  /** Whether bytes, which are valid UTF-8, are one JSON value. */
  static boolean accepts(byte[] utf8) {
    JsonSyntax syntax = new JsonSyntax(utf8);
    if (!syntax.value(0)) {
      return false;
    }
    syntax.space();
    return syntax.at == utf8.length;
  }

  private int peek() {
    return at < text.length ? text[at] : 0;
  }

  private boolean take(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private void space() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
      at++;
    }
  }

  private boolean value(int depth) {
    space();
    return switch (peek()) {
      case '{' -> depth < DEEPEST && members(depth, '}');
      case '[' -> depth < DEEPEST && members(depth, ']');
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    };
  }

  private boolean members(int depth, char end) {
    at++;
    space();
    if (take(end)) {
      return true;
    }
    do {
      if (end == '}' && !key()) {
        return false;
      }
      if (!value(depth + 1)) {
        return false;
      }
      space();
    } while (take(','));
    return take(end);
  }

  private boolean key() {
    space();
    if (peek() != '"' || !string()) {
      return false;
    }
    space();
    return take(':');
  }

  private boolean word(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (!take(word.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean string() {
    for (at++; at < text.length; at++) {
      byte b = text[at];
      if (b == '"') {
        at++;
        return true;
      }
      if ((b >= 0 && b < 0x20) || (b == '\\' && !escape())) {
        return false;
      }
    }
    return false;
  }

  /** Leaves the position on the escape's last byte. */
  private boolean escape() {
    at++;
    if (peek() != 'u') {
      return "\"\\/bfnrt".indexOf(peek()) >= 0;
    }
    int unit = unit();
    if (unit < 0 || Character.isLowSurrogate((char) unit)) {
      return false;
    }
    if (!Character.isHighSurrogate((char) unit)) {
      return true;
    }
    at++;
    if (!take('\\') || peek() != 'u') {
      return false;
    }
    int low = unit();
    return low >= 0 && Character.isLowSurrogate((char) low);
  }

  private int unit() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      at++;
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  private boolean number() {
    int start = at;
    take('-');
    if (!take('0') && digits() == 0) {
      return false;
    }
    if (take('.') && digits() == 0) {
      return false;
    }
    if (take('e') || take('E')) {
      if (!take('-')) {
        take('+');
      }
      int digits = digits();
      if (digits == 0 || digits > 2) {
        return false;
      }
    }
    return at - start <= LONGEST_NUMBER;
  }

  private int digits() {
    int start = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    return at - start;
  }
}
