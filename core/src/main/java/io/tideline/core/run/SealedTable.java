package io.tideline.core.run;

import io.tideline.core.archive.SealedRows;
import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * The archived rows of one table of a chunk of trees, found by their digests. Rows are claimed by
 * the batch that deletes them; a batch that is rolled back gives them back.
 */
final class SealedTable {
  private final SealedRows rows;
  private final BitSet claimed = new BitSet();
  private int[] slots = {};

  /**
   * @param placeWidth the number of columns of the table's key
   */
  SealedTable(int placeWidth) {
    this(new SealedRows(placeWidth));
  }

  SealedTable(SealedRows rows) {
    this.rows = rows;
  }

  /** The rows, each placed by its key, in the order of the segment. */
  SealedRows rows() {
    return rows;
  }

  /**
   * Claims a row.
   *
   * @return its position in the segment, or -1 if no unclaimed row has that digest
   */
  int claim(long high, long low) {
    int mask = table().length - 1;
    for (int slot = slot(high, low, mask); slots[slot] != 0; slot = (slot + 1) & mask) {
      int at = slots[slot] - 1;
      if (rows.high(at) == high && rows.low(at) == low && !claimed.get(at)) {
        claimed.set(at);
        return at;
      }
    }
    return -1;
  }

  /** Whether some unclaimed row has a digest. */
  boolean has(long high, long low) {
    return find(high, low) >= 0;
  }

  /** The position of an unclaimed row of a digest; -1 if there is none. */
  int find(long high, long low) {
    int at = claim(high, low);
    if (at >= 0) {
      release(at);
    }
    return at;
  }

  /** Claims the row at a position. */
  void take(int position) {
    claimed.set(position);
  }

  /** The positions of the rows that are claimed. */
  BitSet claimed() {
    return (BitSet) claimed.clone();
  }

  /** Gives every row back but those at some positions. */
  void releaseAllBut(BitSet positions) {
    claimed.and(positions);
  }

  /** Gives a row back. */
  void release(int position) {
    claimed.clear(position);
  }

  /** Tells every row that was claimed. */
  void eachClaimed(IntConsumer position) {
    claimed.stream().forEach(position);
  }

  /** Tells every row that was not claimed. */
  void unclaimed(IntConsumer position) {
    for (int i = claimed.nextClearBit(0); i < rows.size(); i = claimed.nextClearBit(i + 1)) {
      position.accept(i);
    }
  }

  private int[] table() {
    if (slots.length == 0) {
      slots = new int[Integer.highestOneBit(Math.max(8, rows.size() * 2 - 1)) << 1];
      int mask = slots.length - 1;
      for (int i = 0; i < rows.size(); i++) {
        int slot = slot(rows.high(i), rows.low(i), mask);
        while (slots[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        slots[slot] = i + 1;
      }
    }
    return slots;
  }

  private static int slot(long high, long low, int mask) {
    return (int) (high ^ (low * 0x9E3779B97F4A7C15L >>> 32)) & mask;
  }
}
