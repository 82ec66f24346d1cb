package io.tideline.archive;

import io.tideline.catalogue.NaturalType;
import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Which values a natural type keeps whole, so that reading them gives the same {@link Kind} and the
 * same bits. All others stand among the {@link ExactValues}.
 */
public final class NaturalValues {
  /** Microseconds of a day. */
  public static final long DAY_MICROS = 86_400_000_000L;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NAN = 0x7ff8000000000000L;
  private static final long ONES = 0x0101010101010101L;
  private static final long TOPS = 0x8080808080808080L;

  private static final byte[] NOT_HEX = new byte[256];

  static {
    Arrays.fill(NOT_HEX, (byte) 1);
    for (char digit : "0123456789abcdef".toCharArray()) {
      NOT_HEX[digit] = 0;
    }
  }

  private NaturalValues() {}

  /**
   * Whether a column of {@code type} keeps value {@code i} of {@code row} whole.
   *
   * @param type decided, not {@link NaturalType.Family#ANY}
   */
  public static boolean keeps(NaturalType type, Row row, int i) {
    if (row.kind(i) != type.family().kind()) {
      return false;
    }
    long bits = row.bits(i);
    return switch (type.family()) {
      case INT64, TIMESTAMP, TIMESTAMP_UTC, BLOB -> true;
      case INT32, DATE -> bits == (int) bits;
      case BOOLEAN -> bits == (bits & 1);
      case TIME -> bits >= 0 && bits < DAY_MICROS;
      case FLOAT32 -> isNumber(row.real(i), bits) && isSingle(row.real(i));
      case FLOAT64 -> isNumber(row.real(i), bits);
      case DECIMAL -> isDecimal(row.bytes(i), type.precision(), type.scale());
      case TEXT -> isText(row.bytes(i));
      case JSON -> isText(row.bytes(i)) && JsonSyntax.accepts(row.bytes(i));
      case UUID -> isUuid(row.bytes(i));
      case ANY -> throw new IllegalArgumentException("Cannot keep values of an undecided type");
    };
  }

  /** Whether bytes are valid UTF-8 without NUL, which many a reader takes for an end. */
  public static boolean isText(byte[] bytes) {
    int i = 0;
    for (; i + 8 <= bytes.length; i += 8) {
      long eight = (long) LONG.get(bytes, i);
      boolean zeroOrBeyondAscii = ((((eight - ONES) & ~eight) | eight) & TOPS) != 0;
      if (zeroOrBeyondAscii) {
        break;
      }
    }
    while (i < bytes.length) {
      int length = sequence(bytes, i);
      if (length == 0) {
        return false;
      }
      i += length;
    }
    return true;
  }

  /** The length of the character at {@code i}, 0 if it is none; Unicode 15, table 3-7. */
  private static int sequence(byte[] bytes, int i) {
    int first = bytes[i];
    if (first > 0) {
      return 1;
    }
    int second = i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0;
    int lead = first & 0xff;
    if (lead >= 0xc2 && lead <= 0xdf) {
      return second >> 6 == 2 ? 2 : 0;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
      int low = lead == 0xe0 ? 0xa0 : 0x80;
      int high = lead == 0xed ? 0x9f : 0xbf;
      return second >= low && second <= high && continues(bytes, i + 2) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
      int low = lead == 0xf0 ? 0x90 : 0x80;
      int high = lead == 0xf4 ? 0x8f : 0xbf;
      return second >= low && second <= high && continues(bytes, i + 2) && continues(bytes, i + 3)
          ? 4
          : 0;
    }
    return 0;
  }

  private static boolean continues(byte[] bytes, int i) {
    return i < bytes.length && (bytes[i] & 0xc0) == 0x80;
  }

  /** Formats keep one NaN, because Java's streams write but one. */
  private static boolean isNumber(double value, long bits) {
    return !Double.isNaN(value) || bits == NAN;
  }

  private static boolean isSingle(double value) {
    return Double.compare((float) value, value) == 0;
  }

  private static boolean isDecimal(byte[] text, int precision, int scale) {
    int start = text.length > 0 && text[0] == '-' ? 1 : 0;
    int point = scale == 0 ? text.length : text.length - scale - 1;
    if (point <= start || (text[start] == '0' && point > start + 1)) {
      return false;
    }
    boolean zero = true;
    for (int i = start; i < text.length; i++) {
      if (i == point ? text[i] != '.' : text[i] < '0' || text[i] > '9') {
        return false;
      }
      zero &= i == point || text[i] == '0';
    }
    int whole = text[start] == '0' ? 0 : point - start;
    return whole + scale <= precision && !(zero && start == 1);
  }

  private static boolean isUuid(byte[] text) {
    return text.length == 36
        && text[8] == '-'
        && text[13] == '-'
        && text[18] == '-'
        && text[23] == '-'
        && (notHex(text, 0, 8)
                | notHex(text, 9, 13)
                | notHex(text, 14, 18)
                | notHex(text, 19, 23)
                | notHex(text, 24, 36))
            == 0;
  }

  /** Not 0 if a byte is no lower-case digit; a table, because random digits defy branches. */
  private static int notHex(byte[] text, int from, int to) {
    int found = 0;
    for (int i = from; i < to; i++) {
      found |= NOT_HEX[text[i] & 0xff];
    }
    return found;
  }
}
