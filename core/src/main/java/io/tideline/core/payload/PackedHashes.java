package io.tideline.core.payload;

import java.util.Arrays;

/**
 * The keys of many hashes with marks, 9 bytes for each. A key is the first 64 bits of a hash: two
 * hashes that share it, which does not happen by chance, share their marks, so that both are held
 * if one is.
 */
final class PackedHashes {
  /** A live reference names it. */
  static final byte LIVE = 1;

  /** A live reference holds it. */
  static final byte HELD = 2;

  /** An archived row that was deleted named it. */
  static final byte ARCHIVED = 4;

  private long[] keys = new long[1024];
  private byte[] marks = {};
  private int size;

  /** Adds a key, before {@link #sort}. */
  void add(long key) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, Math.multiplyExact(size, 2));
    }
    keys[size++] = key ^ Long.MIN_VALUE;
  }

  /** Ends the adding. */
  void sort() {
    Arrays.sort(keys, 0, size);
    marks = new byte[size];
  }

  /** Marks a key; false if it is not there. */
  boolean mark(long key, byte mark) {
    return mark(key, key, mark);
  }

  /** Marks the keys between two, inclusive, in unsigned order; false if there are none. */
  boolean mark(long low, long high, byte mark) {
    int first = first(low ^ Long.MIN_VALUE);
    int at = first;
    for (; at < size && keys[at] <= (high ^ Long.MIN_VALUE); at++) {
      marks[at] |= mark;
    }
    return at > first;
  }

  /** The marks of a key; none if it is not there. */
  byte marks(long key) {
    int at = first(key ^ Long.MIN_VALUE);
    return at < size && keys[at] == (key ^ Long.MIN_VALUE) ? marks[at] : 0;
  }

  /** Whether a key is there. */
  boolean contains(long key) {
    int at = first(key ^ Long.MIN_VALUE);
    return at < size && keys[at] == (key ^ Long.MIN_VALUE);
  }

  /** Whether any key has no mark. */
  boolean anyUnmarked() {
    for (byte each : marks) {
      if (each == 0) {
        return true;
      }
    }
    return false;
  }

  private int first(long flipped) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (keys[middle] < flipped) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
