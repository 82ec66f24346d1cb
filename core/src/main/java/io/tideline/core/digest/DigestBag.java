package io.tideline.core.digest;

/**
 * A bag of row digests that are claimed one by one: those of a batch, before its rows are deleted.
 * Open addressing over two long arrays; equal digests are kept apart by their positions.
 */
public final class DigestBag {
  private final long[] high;
  private final long[] low;
  private final int[] position;
  private final int mask;
  private int left;

  /** An empty bag for at most {@code capacity} digests. */
  public DigestBag(int capacity) {
    int slots = Integer.highestOneBit(Math.max(8, capacity * 2 - 1)) << 1;
    high = new long[slots];
    low = new long[slots];
    position = new int[slots];
    mask = slots - 1;
  }

  /** Adds a digest with the position (0 or more) that {@link #claim} gives back. */
  public void add(long h, long l, int at) {
    int slot = slot(h, l);
    while (position[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    high[slot] = h;
    low[slot] = l;
    position[slot] = at + 1;
    left++;
  }

  /**
   * Takes one digest out of the bag.
   *
   * @return the position it was added with, or -1 if the bag does not hold it any more
   */
  public int claim(long h, long l) {
    for (int slot = slot(h, l); position[slot] != 0; slot = (slot + 1) & mask) {
      if (position[slot] > 0 && high[slot] == h && low[slot] == l) {
        int at = position[slot] - 1;
        position[slot] = -1;
        left--;
        return at;
      }
    }
    return -1;
  }

  /** Whether the bag holds a digest that is not claimed yet. */
  public boolean holds(long h, long l) {
    for (int slot = slot(h, l); position[slot] != 0; slot = (slot + 1) & mask) {
      if (position[slot] > 0 && high[slot] == h && low[slot] == l) {
        return true;
      }
    }
    return false;
  }

  /** The position that a digest was added with, one of them; -1 if the bag does not hold it. */
  public int find(long h, long l) {
    for (int slot = slot(h, l); position[slot] != 0; slot = (slot + 1) & mask) {
      if (position[slot] > 0 && high[slot] == h && low[slot] == l) {
        return position[slot] - 1;
      }
    }
    return -1;
  }

  /** The digests not claimed yet. */
  public int left() {
    return left;
  }

  private int slot(long h, long l) {
    return (int) (h ^ (l * 0x9E3779B97F4A7C15L >>> 32)) & mask;
  }
}
