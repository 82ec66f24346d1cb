package io.tideline.core.restore;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of one table in a batch.
 *
 * @param table counts them
 * @param rows the rows
 * @param placement how they find their places
 * @param origin where they come from
 * @param restored takes the ordinals of rows that are live afterwards as they were archived
 */
record Slice(
    TableCounts table, Returning rows, Placement placement, Origin origin, BitSet restored) {
  /**
   * A row of a batch.
   *
   * @param slice the number of its slice
   * @param row its number in the slice
   */
  record Place(int slice, int row) {}

  /** Every row by itself, where there is no other slice. */
  List<List<Place>> alone() {
    return IntStream.range(0, rows.size()).mapToObj(i -> List.of(new Place(0, i))).toList();
  }
}
