package io.tideline.core.payload;

import io.tideline.policy.Payloads;
import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * What a stored value says of payloads. A value that is no reference may still mean a file: every
 * hash that it could mean is told, so that such a file is held.
 *
 * @param form how it is written
 * @param keys the keys of the hashes that it means or could mean
 * @param low the first key of the hashes that it could be the beginning of; {@code high} is the
 *     last; none if low is after high
 */
record Mention(Form form, long[] keys, long low, long high) {
  /** A larger value than this is no reference, and nobody looks into it. */
  static final int LARGEST = 1 << 20;

  private static final int DIGITS = Payloads.HASH_LENGTH;
  private static final int SHORTEST_BEGINNING = 8;
  private static final int KEY_DIGITS = 16;
  private static final byte[] PREFIX = (Payloads.HASH + ":").getBytes(StandardCharsets.ISO_8859_1);
  private static final Pattern NAMES = Pattern.compile("sha-?256[:-]?");
  private static final Pattern RUN = Pattern.compile("[0-9a-f]{" + DIGITS + ",}");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{43}=?");
  private static final Mention NOTHING = new Mention(Form.NONE, new long[0], 1, 0);

  /** How a reference is written. */
  enum Form {
    /** There is no value. */
    NONE,
    /** A hash, or {@code sha256:} and a hash. */
    PLAIN,
    /** Anything else. */
    MALFORMED
  }

  /** What value {@code i} of a row says. */
  static Mention of(Row row, int i) {
    if (row.isNull(i)) {
      return NOTHING;
    }
    byte[] bytes = row.bytes(i);
    if (row.kind(i) == Kind.TEXT) {
      int from = bytes.length == DIGITS ? 0 : prefixed(bytes) ? PREFIX.length : -1;
      if (from >= 0 && hexadecimal(bytes, from)) {
        return plain(key(bytes, from));
      }
    }
    return malformed(bytes);
  }

  /** The key of a well formed hash: its first 64 bits, in unsigned order. */
  static long key(String hash) {
    return Long.parseUnsignedLong(hash.substring(0, KEY_DIGITS), KEY_DIGITS);
  }

  /** The hash that a plain reference names. */
  static String hash(Row row, int i) {
    String text = row.text(i);
    return text.substring(text.length() - DIGITS);
  }

  private static Mention plain(long key) {
    return new Mention(Form.PLAIN, new long[] {key}, 1, 0);
  }

  private static boolean prefixed(byte[] bytes) {
    if (bytes.length != PREFIX.length + DIGITS) {
      return false;
    }
    for (int i = 0; i < PREFIX.length; i++) {
      if (bytes[i] != PREFIX[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean hexadecimal(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      byte c = bytes[i];
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  private static long key(byte[] bytes, int from) {
    long key = 0;
    for (int i = from; i < from + KEY_DIGITS; i++) {
      key = key << 4 | Character.digit(bytes[i], 16);
    }
    return key;
  }

  private static Mention malformed(byte[] bytes) {
    String raw = new String(bytes, StandardCharsets.ISO_8859_1);
    String text = NAMES.matcher(raw.toLowerCase(Locale.ROOT)).replaceAll(" ");
    LongStream.Builder keys = LongStream.builder();
    Matcher run = RUN.matcher(text);
    while (run.find()) {
      for (int i = run.start(); i + DIGITS <= run.end(); i++) {
        keys.add(key(text.substring(i, i + KEY_DIGITS)));
      }
    }
    if (bytes.length == DIGITS / 2) {
      keys.add(key(HexFormat.of().formatHex(bytes)));
    }
    if (BASE64.matcher(raw.strip()).matches()) {
      String plain = raw.strip().replace('-', '+').replace('_', '/').replace("=", "");
      keys.add(key(HexFormat.of().formatHex(Base64.getDecoder().decode(plain))));
    }
    String digits = text.replaceAll("[^0-9a-f]", "");
    if (digits.length() == DIGITS) {
      keys.add(key(digits));
    }
    String word = text.replaceAll("[\\s/:._\"'\\x00-]", "");
    boolean beginning =
        word.equals(digits) && word.length() >= SHORTEST_BEGINNING && word.length() < DIGITS;
    long[] all = keys.build().toArray();
    return beginning
        ? new Mention(Form.MALFORMED, all, bound(word, '0'), bound(word, 'f'))
        : new Mention(Form.MALFORMED, all, 1, 0);
  }

  private static long bound(String beginning, char filler) {
    return key(beginning + String.valueOf(filler).repeat(KEY_DIGITS));
  }

  /** Whether it could be the beginning of a hash. */
  boolean begins() {
    return Long.compareUnsigned(low, high) <= 0;
  }
}
