package io.tideline.row;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One row of values, made once and filled again for each row that passes: the sources that fill it
 * own it, and whoever wants a value beyond the call copies it. Not thread-safe.
 */
public final class Row {
  private static final byte[] NO_BYTES = {};

  private final byte[] kinds;
  private final long[] bits;
  private final byte[][] bytes;

  /** A row of {@code width} nulls. */
  public Row(int width) {
    kinds = new byte[width];
    bits = new long[width];
    bytes = new byte[width][];
    Arrays.fill(bytes, NO_BYTES);
  }

  /** A row of one text value, mostly for bounds. */
  public static Row ofText(String text) {
    Row row = new Row(1);
    row.setText(0, text.getBytes(StandardCharsets.UTF_8));
    return row;
  }

  /** A row of one integer. */
  public static Row ofInteger(long value) {
    Row row = new Row(1);
    row.setInteger(0, value);
    return row;
  }

  /** A row of one real. */
  public static Row ofReal(double value) {
    Row row = new Row(1);
    row.setReal(0, value);
    return row;
  }

  /** The number of values. */
  public int width() {
    return kinds.length;
  }

  /** The kind of value {@code i}. */
  public Kind kind(int i) {
    return Kind.of(kinds[i]);
  }

  /** Whether value {@code i} is absent. */
  public boolean isNull(int i) {
    return kinds[i] == 0;
  }

  /** Whether any value is NULL. */
  public boolean hasNull() {
    for (int i = 0; i < width(); i++) {
      if (isNull(i)) {
        return true;
      }
    }
    return false;
  }

  /** The integer at {@code i}; meaningless for another kind. */
  public long integer(int i) {
    return bits[i];
  }

  /** The real at {@code i}; meaningless for another kind. */
  public double real(int i) {
    return Double.longBitsToDouble(bits[i]);
  }

  /** The bits of the integer or real at {@code i}. */
  public long bits(int i) {
    return bits[i];
  }

  /** The bytes of the text or blob at {@code i}: not a copy, never to be changed. */
  public byte[] bytes(int i) {
    return bytes[i];
  }

  /** The text at {@code i} as a string; bytes that are not UTF-8 become U+FFFD. */
  public String text(int i) {
    return new String(bytes[i], StandardCharsets.UTF_8);
  }

  /** Makes value {@code i} absent. */
  public void setNull(int i) {
    kinds[i] = (byte) Kind.NULL.ordinal();
    bits[i] = 0;
    bytes[i] = NO_BYTES;
  }

  /** Stores an integer. */
  public void setInteger(int i, long value) {
    kinds[i] = (byte) Kind.INTEGER.ordinal();
    bits[i] = value;
    bytes[i] = NO_BYTES;
  }

  /** Stores a real, bit for bit. */
  public void setReal(int i, double value) {
    kinds[i] = (byte) Kind.REAL.ordinal();
    bits[i] = Double.doubleToRawLongBits(value);
    bytes[i] = NO_BYTES;
  }

  /** Stores text; the array is kept, not copied. */
  public void setText(int i, byte[] value) {
    kinds[i] = (byte) Kind.TEXT.ordinal();
    bits[i] = 0;
    bytes[i] = value;
  }

  /** Stores bytes; the array is kept, not copied. */
  public void setBlob(int i, byte[] value) {
    kinds[i] = (byte) Kind.BLOB.ordinal();
    bits[i] = 0;
    bytes[i] = value;
  }

  /** Copies value {@code from} of {@code source} to {@code i}; bytes are shared. */
  public void set(int i, Row source, int from) {
    kinds[i] = source.kinds[from];
    bits[i] = source.bits[from];
    bytes[i] = source.bytes[from];
  }

  /** A new row of the values {@code from} inclusive to {@code to} exclusive; bytes are shared. */
  public Row slice(int from, int to) {
    Row copy = new Row(to - from);
    for (int i = from; i < to; i++) {
      copy.set(i - from, this, i);
    }
    return copy;
  }

  /** The bytes that the values take: 8 for a number, the length of a text or blob. */
  public long size() {
    long size = 0;
    for (int i = 0; i < kinds.length; i++) {
      size += bytes[i].length + (kinds[i] == 0 ? 0 : 8);
    }
    return size;
  }

  /** Value {@code i} for a person: text as it is, blobs as {@code x'…'}, no value as NULL. */
  public String display(int i) {
    return switch (kind(i)) {
      case NULL -> "NULL";
      case INTEGER -> Long.toString(bits[i]);
      case REAL -> Double.toString(real(i));
      case TEXT -> text(i);
      case BLOB -> "x'" + HexFormat.of().formatHex(bytes[i]) + "'";
    };
  }

  /** All values for a person, separated by a comma and a space. */
  public String display() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < kinds.length; i++) {
      all.append(i == 0 ? "" : ", ").append(display(i));
    }
    return all.toString();
  }

  /** Whether both hold the same values, bit for bit. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Row row
        && Arrays.equals(kinds, row.kinds)
        && Arrays.equals(bits, row.bits)
        && Arrays.deepEquals(bytes, row.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bits) + Arrays.deepHashCode(bytes);
  }

  /** The kinds only: values must not reach a log by accident. */
  @Override
  public String toString() {
    StringBuilder all = new StringBuilder("Row");
    for (int i = 0; i < kinds.length; i++) {
      all.append(i == 0 ? '[' : ',').append(kind(i));
    }
    return all.append(']').toString();
  }
}
