package io.tideline.row;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The canonical encoding of rows, in a buffer that grows and is used again.
 *
 * <p>A value is its kind's tag (one byte: 0 null, 1 integer, 2 real, 3 text, 4 blob), followed by 8
 * big-endian bytes for an integer or the IEEE 754 bits of a real, or by a 4-byte big-endian length
 * and the bytes of a text or blob. A row is its values in the order of its columns. Two rows are
 * the same exactly when their encodings are equal byte for byte.
 */
public final class CanonicalBuffer {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private byte[] array;
  private int length;

  /** An empty buffer that starts with {@code capacity} bytes. */
  public CanonicalBuffer(int capacity) {
    array = new byte[capacity];
  }

  /** The canonical encoding of a whole row, to compare and look up rows by. */
  public static ByteBuffer of(Row row) {
    CanonicalBuffer buffer = new CanonicalBuffer(32).append(row);
    return ByteBuffer.wrap(buffer.array, 0, buffer.length);
  }

  /** Forgets what was encoded. */
  public CanonicalBuffer clear() {
    length = 0;
    return this;
  }

  /** The backing array; only the first {@link #length()} bytes mean anything. */
  public byte[] array() {
    return array;
  }

  /** How many bytes were encoded. */
  public int length() {
    return length;
  }

  /** Appends every value of a row. */
  public CanonicalBuffer append(Row row) {
    return append(row, 0, row.width());
  }

  /** Appends the values {@code from} inclusive to {@code to} exclusive. */
  public CanonicalBuffer append(Row row, int from, int to) {
    for (int i = from; i < to; i++) {
      append(row, i);
    }
    return this;
  }

  private void append(Row row, int i) {
    byte[] bytes = row.bytes(i);
    ensure(bytes.length + 9);
    Kind kind = row.kind(i);
    array[length++] = (byte) kind.ordinal();
    switch (kind) {
      case NULL -> {}
      case INTEGER, REAL -> {
        LONG.set(array, length, row.bits(i));
        length += 8;
      }
      case TEXT, BLOB -> {
        INT.set(array, length, bytes.length);
        System.arraycopy(bytes, 0, array, length + 4, bytes.length);
        length += 4 + bytes.length;
      }
    }
  }

  /**
   * Decodes the row that starts at {@code offset} into {@code row}.
   *
   * @return the offset after it
   */
  public static int decode(byte[] array, int offset, Row row) {
    int at = offset;
    for (int i = 0; i < row.width(); i++) {
      Kind kind = Kind.of(array[at++]);
      switch (kind) {
        case NULL -> row.setNull(i);
        case INTEGER -> row.setInteger(i, (long) LONG.get(array, at));
        case REAL -> row.setReal(i, Double.longBitsToDouble((long) LONG.get(array, at)));
        case TEXT -> row.setText(i, bytes(array, at));
        case BLOB -> row.setBlob(i, bytes(array, at));
      }
      at += skip(kind, array, at);
    }
    return at;
  }

  private static int skip(Kind kind, byte[] array, int at) {
    return switch (kind) {
      case NULL -> 0;
      case INTEGER, REAL -> 8;
      case TEXT, BLOB -> 4 + (int) INT.get(array, at);
    };
  }

  private static byte[] bytes(byte[] array, int at) {
    return Arrays.copyOfRange(array, at + 4, at + 4 + (int) INT.get(array, at));
  }

  private void ensure(int more) {
    if (array.length - length < more) {
      array =
          Arrays.copyOf(
              array, Math.max(Math.addExact(length, more), Math.min(array.length * 2, 1 << 30)));
    }
  }
}
