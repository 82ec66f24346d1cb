package io.tideline.core.archive;

import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.Arrays;

/**
 * What the deleter must know of rows that are safe, in their order: the values that place each in
 * the table's walk, and its digest. Compact: some tens of bytes a row.
 */
public final class SealedRows {
  private final PackedRows places;
  private long[] high = new long[1024];
  private long[] low = new long[1024];

  /**
   * @param width the number of values of a place
   */
  public SealedRows(int width) {
    places = new PackedRows(width);
  }

  /** Adds a row. */
  public void add(Row place, long h, long l) {
    int size = places.size();
    if (size == high.length) {
      high = Arrays.copyOf(high, size * 2);
      low = Arrays.copyOf(low, size * 2);
    }
    high[size] = h;
    low[size] = l;
    places.add(place, 0);
  }

  /** The number of rows. */
  public int size() {
    return places.size();
  }

  /** The place of a row. */
  public Row place(int row) {
    return places.get(row);
  }

  /** Fills {@code into} with the place of a row. */
  public void place(int row, Row into) {
    places.get(row, into);
  }

  /** The upper half of a row's digest. */
  public long high(int row) {
    return high[row];
  }

  /** The lower half of a row's digest. */
  public long low(int row) {
    return low[row];
  }

  /** The bytes held. */
  public long bytes() {
    return places.bytes() + 16L * places.size();
  }
}
