package io.tideline.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON strings as archives write them: UTF-8, of which only the quote, the backslash and the
 * control characters below U+0020 are escaped. Reading is strict: another escape is an error.
 */
public final class JsonText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SHORT_FORMS = new byte[32];
  private static final byte[] MEANINGS = new byte[128];

  static {
    byte[] forms = "b\bf\fn\nr\rt\t".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < forms.length; i += 2) {
      SHORT_FORMS[forms[i + 1]] = forms[i];
      MEANINGS[forms[i]] = forms[i + 1];
    }
    MEANINGS['"'] = '"';
    MEANINGS['\\'] = '\\';
  }

  private JsonText() {}

  /** Writes valid UTF-8 as a JSON string, quotes included. */
  public static void write(OutputStream out, byte[] utf8) throws IOException {
    out.write('"');
    int plain = 0;
    for (int i = 0; i < utf8.length; i++) {
      byte b = utf8[i];
      if ((b >= 0 && b < 0x20) || b == '"' || b == '\\') {
        out.write(utf8, plain, i - plain);
        escape(out, b);
        plain = i + 1;
      }
    }
    out.write(utf8, plain, utf8.length - plain);
    out.write('"');
  }

  /** The JSON string of {@code text}, quotes included. */
  public static byte[] of(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      write(out, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError("a stream in memory does not fail", e);
    }
    return out.toByteArray();
  }

  /**
   * The UTF-8 of a JSON string.
   *
   * @param array holds what stands between the quotes
   * @param from its first byte
   * @param to the byte after its last
   * @throws IllegalArgumentException if it is not what {@link #write} writes
   */
  public static byte[] read(byte[] array, int from, int to) {
    byte[] text = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      byte b = array[i];
      if (b == '\\' && i + 1 < to) {
        b = meaning(array, ++i, to);
        i += array[i] == 'u' ? 4 : 0;
      } else if (b == '"' || b == '\\' || (b >= 0 && b < 0x20)) {
        throw new IllegalArgumentException("not a JSON string");
      }
      text[length++] = b;
    }
    return length == text.length ? text : Arrays.copyOf(text, length);
  }

  private static void escape(OutputStream out, byte b) throws IOException {
    out.write('\\');
    if (b >= 0x20) {
      out.write(b);
    } else if (SHORT_FORMS[b] != 0) {
      out.write(SHORT_FORMS[b]);
    } else {
      out.write('u');
      out.write('0');
      out.write('0');
      out.write(HEX[b >> 4]);
      out.write(HEX[b & 15]);
    }
  }

  private static byte meaning(byte[] array, int at, int to) {
    byte b = array[at];
    if (b == 'u' && at + 4 < to) {
      return control(array, at + 1);
    }
    if (b < 0 || MEANINGS[b] == 0) {
      throw new IllegalArgumentException("an escape that is not written here");
    }
    return MEANINGS[b];
  }

  private static byte control(byte[] array, int at) {
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = Character.digit(array[i], 16);
      if (digit < 0) {
        throw new IllegalArgumentException("an escape that is not hexadecimal");
      }
      value = value << 4 | digit;
    }
    if (value >= 0x20) {
      throw new IllegalArgumentException("an escape that is not written here");
    }
    return (byte) value;
  }
}
