package io.tideline.postgresql;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The text of a numeric from its binary form: groups of four decimal digits, the weight of the
 * first, a sign and the number of digits shown after the point ({@code numeric_send}).
 */
final class NumericText {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final int NEGATIVE = 0x4000;
  private static final int NAN = 0xC000;
  private static final int INFINITE = 0xD000;
  private static final int MINUS_INFINITE = 0xF000;

  private NumericText() {}

  /** The text that the type's output function gives, for the value that begins at {@code at}. */
  static byte[] of(byte[] array, int at) {
    int groups = unsigned(array, at);
    int weight = (short) SHORT.get(array, at + 2);
    int sign = unsigned(array, at + 4);
    int scale = unsigned(array, at + 6);
    if (sign >= NAN) {
      return special(sign).getBytes(StandardCharsets.US_ASCII);
    }
    byte[] text = new byte[2 + 4 * Math.max(weight + 1, 1) + scale + 4];
    int length = 0;
    if (sign == NEGATIVE) {
      text[length++] = '-';
    }
    length = whole(array, at + 8, groups, weight, text, length);
    if (scale > 0) {
      text[length++] = '.';
      fraction(array, at + 8, groups, weight, text, length, scale);
      length += scale;
    }
    return Arrays.copyOf(text, length);
  }

  private static String special(int sign) {
    return switch (sign) {
      case INFINITE -> "Infinity";
      case MINUS_INFINITE -> "-Infinity";
      default -> "NaN";
    };
  }

  private static int whole(
      byte[] array, int digits, int groups, int weight, byte[] text, int start) {
    int length = start;
    for (int group = 0; group <= weight; group++) {
      int value = group < groups ? unsigned(array, digits + 2 * group) : 0;
      for (int unit = 1000; unit > 0; unit /= 10) {
        int digit = value / unit % 10;
        if (digit != 0 || length > start) {
          text[length++] = (byte) ('0' + digit);
        }
      }
    }
    if (length == start) {
      text[length++] = '0';
    }
    return length;
  }

  private static void fraction(
      byte[] array, int digits, int groups, int weight, byte[] text, int start, int scale) {
    for (int i = 0; i < scale; i++) {
      int group = weight + 1 + i / 4;
      int value = group >= 0 && group < groups ? unsigned(array, digits + 2 * group) : 0;
      int unit =
          switch (i % 4) {
            case 0 -> 1000;
            case 1 -> 100;
            case 2 -> 10;
            default -> 1;
          };
      text[start + i] = (byte) ('0' + value / unit % 10);
    }
  }

  private static int unsigned(byte[] array, int at) {
    return ((short) SHORT.get(array, at)) & 0xffff;
  }
}
