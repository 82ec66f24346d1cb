package io.tideline.sqlite;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How a database stores its text. Rows hold UTF-8 whatever it is; a UTF-16 surrogate without its
 * partner becomes three bytes (generalised UTF-8), so that no text is altered on its way.
 *
 * @see <a href="https://sqlite.org/pragma.html#pragma_encoding">PRAGMA encoding</a>
 */
enum Encoding {
  UTF8,
  UTF16LE,
  UTF16BE;

  /** The encoding that {@code PRAGMA encoding} names. */
  static Encoding of(String pragma) {
    return switch (pragma) {
      case "UTF-16le" -> UTF16LE;
      case "UTF-16be" -> UTF16BE;
      default -> UTF8;
    };
  }

  /** The UTF-8 form of bytes that the database stores as text. */
  byte[] toUtf8(byte[] stored) {
    if (this == UTF8) {
      return stored;
    }
    if (stored.length % 2 != 0) {
      throw new TidelineException(
          ErrorCode.DATABASE_CORRUPT,
          "Cannot read a text of " + stored.length + " bytes in a UTF-16 database.",
          "Nothing was changed.",
          "Check the database with PRAGMA integrity_check and restore it from a backup.");
    }
    byte[] utf8 = new byte[stored.length / 2 * 3];
    int to = 0;
    for (int from = 0; from < stored.length; from += 2) {
      char unit = unit(stored, from);
      int point = unit;
      if (Character.isHighSurrogate(unit)
          && from + 2 < stored.length
          && Character.isLowSurrogate(unit(stored, from + 2))) {
        point = Character.toCodePoint(unit, unit(stored, from + 2));
        from += 2;
      }
      to = put(utf8, to, point);
    }
    return Arrays.copyOf(utf8, to);
  }

  /**
   * The bytes that the database stores for UTF-8 text. Bytes that no text has become U+FFFD in a
   * UTF-16 database, which cannot hold them.
   */
  byte[] fromUtf8(byte[] utf8) {
    if (this == UTF8) {
      return utf8;
    }
    StringBuilder units = new StringBuilder(utf8.length);
    int from = 0;
    while (from < utf8.length) {
      if (loneSurrogate(utf8, from)) {
        units.append((char) (0xD000 | (utf8[from + 1] & 0x3F) << 6 | (utf8[from + 2] & 0x3F)));
        from += 3;
      } else {
        int end = from + 1;
        while (end < utf8.length && !loneSurrogate(utf8, end)) {
          end++;
        }
        units.append(new String(utf8, from, end - from, StandardCharsets.UTF_8));
        from = end;
      }
    }
    byte[] stored = new byte[units.length() * 2];
    for (int i = 0; i < units.length(); i++) {
      char unit = units.charAt(i);
      stored[2 * i] = (byte) (this == UTF16BE ? unit >> 8 : unit);
      stored[2 * i + 1] = (byte) (this == UTF16BE ? unit : unit >> 8);
    }
    return stored;
  }

  /** Whether the bytes are UTF-8 without a NUL, which a driver binds as they are. */
  static boolean plain(byte[] utf8) {
    for (byte b : utf8) {
      if (b == 0) {
        return false;
      }
      if (b < 0) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        return text.indexOf('\0') < 0 && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8);
      }
    }
    return true;
  }

  private char unit(byte[] stored, int at) {
    int first = stored[at] & 0xFF;
    int second = stored[at + 1] & 0xFF;
    return (char) (this == UTF16BE ? first << 8 | second : second << 8 | first);
  }

  private static boolean loneSurrogate(byte[] utf8, int at) {
    return at + 2 < utf8.length
        && utf8[at] == (byte) 0xED
        && (utf8[at + 1] & 0xE0) == 0xA0
        && (utf8[at + 2] & 0xC0) == 0x80;
  }

  private static int put(byte[] utf8, int at, int point) {
    int to = at;
    if (point < 0x80) {
      utf8[to++] = (byte) point;
    } else if (point < 0x800) {
      utf8[to++] = (byte) (0xC0 | point >> 6);
      utf8[to++] = (byte) (0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
      utf8[to++] = (byte) (0xE0 | point >> 12);
      utf8[to++] = (byte) (0x80 | (point >> 6 & 0x3F));
      utf8[to++] = (byte) (0x80 | (point & 0x3F));
    } else {
      utf8[to++] = (byte) (0xF0 | point >> 18);
      utf8[to++] = (byte) (0x80 | (point >> 12 & 0x3F));
      utf8[to++] = (byte) (0x80 | (point >> 6 & 0x3F));
      utf8[to++] = (byte) (0x80 | (point & 0x3F));
    }
    return to;
  }
}
