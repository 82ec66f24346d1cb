package io.tideline.core.closure;

import io.tideline.core.digest.RowDigest;
import io.tideline.row.Row;

/** Keys of rows, known by 64 bits of their digests: 10 to 20 bytes for each, whatever the key. */
final class KeySet {
  private final RowDigest digest = new RowDigest();
  private long[] slots = new long[64];
  private int size;
  private boolean zero;

  /** Adds a key. @return whether it is new */
  boolean add(Row key) {
    long name = name(key);
    if (name == 0) {
      boolean added = !zero;
      zero = true;
      return added;
    }
    int at = slot(name);
    if (slots[at] == name) {
      return false;
    }
    slots[at] = name;
    if (++size > slots.length * 2 / 3) {
      grow();
    }
    return true;
  }

  /** Forgets a key. */
  void remove(Row key) {
    long name = name(key);
    int at = slot(name);
    if (name == 0) {
      zero = false;
    } else if (slots[at] == name) {
      slots[at] = 0;
      size--;
      for (int next = after(at); slots[next] != 0; next = after(next)) {
        long moved = slots[next]; // what stands behind the gap may have been pushed over it
        slots[next] = 0;
        slots[slot(moved)] = moved;
      }
    }
  }

  private int after(int slot) {
    return (slot + 1) & (slots.length - 1);
  }

  /** Whether a key was added. */
  boolean has(Row key) {
    long name = name(key);
    return name == 0 ? zero : slots[slot(name)] == name;
  }

  private long name(Row key) {
    digest.update(key, 0, key.width());
    return digest.high();
  }

  private int slot(long name) {
    int at = (int) (name >>> 32) & (slots.length - 1);
    while (slots[at] != 0 && slots[at] != name) {
      at = after(at);
    }
    return at;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    for (long name : old) {
      if (name != 0) {
        slots[slot(name)] = name;
      }
    }
  }
}
