package io.tideline.core.closure;

import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.Arrays;

/**
 * Finds rows of a list by the values they begin with: open addressing over positions, some twenty
 * bytes a row, for a tree may have a million of them.
 */
final class KeyIndex {
  private final PackedRows rows;
  private final int width;
  private final Row candidate;
  private final CanonicalBuffer wanted = new CanonicalBuffer(64);
  private final CanonicalBuffer found = new CanonicalBuffer(64);
  private int[] hashes = new int[64];
  private int[] slots = new int[128];

  /**
   * @param width how many of the rows' first values are their key
   */
  KeyIndex(PackedRows rows, int width) {
    this.rows = rows;
    this.width = width;
    this.candidate = new Row(rows.width());
  }

  /** The position of the last row added that begins as this one does; -1 if there is none. */
  int find(Row key) {
    wanted.clear().append(key, 0, width);
    int hash = hash(wanted);
    int last = -1;
    for (int slot = hash & mask(); slots[slot] != 0; slot = (slot + 1) & mask()) {
      int at = slots[slot] - 1;
      if (hashes[at] == hash && at > last && isWanted(at)) {
        last = at;
      }
    }
    return last;
  }

  /** Learns of the row at a position, which is the next. */
  void add(int at) {
    rows.get(at, candidate);
    found.clear().append(candidate, 0, width);
    if (at >= hashes.length) {
      hashes = Arrays.copyOf(hashes, at * 2);
    }
    hashes[at] = hash(found);
    if (at * 2 >= slots.length) {
      slots = new int[slots.length * 2];
      for (int i = 0; i < at; i++) {
        place(i);
      }
    }
    place(at);
  }

  private void place(int at) {
    int slot = hashes[at] & mask();
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask();
    }
    slots[slot] = at + 1;
  }

  private int mask() {
    return slots.length - 1;
  }

  private boolean isWanted(int at) {
    rows.get(at, candidate);
    found.clear().append(candidate, 0, width);
    return Arrays.equals(wanted.array(), 0, wanted.length(), found.array(), 0, found.length());
  }

  private static int hash(CanonicalBuffer key) {
    long hash = 0;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash + key.array()[i]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return (int) (hash >>> 32);
  }
}
