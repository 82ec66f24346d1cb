package io.tideline.row;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.Collectors;

/** An immutable set of row ordinals (0-based positions in a segment), written as {@code 0-9,12}. */
public final class RowRanges {
  private static final RowRanges EMPTY = new RowRanges(new BitSet());

  private final BitSet rows;

  private RowRanges(BitSet rows) {
    this.rows = rows;
  }

  /** The set without a row. */
  public static RowRanges empty() {
    return EMPTY;
  }

  /** The rows 0 inclusive to {@code count} exclusive. */
  public static RowRanges first(int count) {
    BitSet rows = new BitSet(count);
    rows.set(0, count);
    return new RowRanges(rows);
  }

  /** The rows whose bits are set; the bits are copied. */
  public static RowRanges of(BitSet rows) {
    return new RowRanges((BitSet) rows.clone());
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static RowRanges parse(String text) {
    BitSet rows = new BitSet();
    if (!text.isEmpty()) {
      for (String part : text.split(",", -1)) {
        String[] ends = part.split("-", -1);
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[ends.length - 1]);
        if (ends.length > 2 || first < 0 || last < first) {
          throw new IllegalArgumentException("not a set of row ordinals: " + part);
        }
        rows.set(first, last + 1);
      }
    }
    return new RowRanges(rows);
  }

  /** Whether the set holds {@code row}. */
  public boolean contains(int row) {
    return rows.get(row);
  }

  /** The number of rows in the set. */
  public int size() {
    return rows.cardinality();
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The rows of both sets. */
  public RowRanges or(RowRanges other) {
    BitSet all = (BitSet) rows.clone();
    all.or(other.rows);
    return new RowRanges(all);
  }

  /** The rows of this set that are not in another. */
  public RowRanges without(RowRanges other) {
    BitSet left = (BitSet) rows.clone();
    left.andNot(other.rows);
    return new RowRanges(left);
  }

  /** The ranges, each as first and last row, both inclusive, in order. */
  public int[][] ranges() {
    int[][] ranges = new int[16][];
    int count = 0;
    for (int from = rows.nextSetBit(0);
        from >= 0;
        from = rows.nextSetBit(rows.nextClearBit(from))) {
      if (count == ranges.length) {
        ranges = Arrays.copyOf(ranges, count * 2);
      }
      ranges[count++] = new int[] {from, rows.nextClearBit(from) - 1};
    }
    return Arrays.copyOf(ranges, count);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowRanges ranges && rows.equals(ranges.rows);
  }

  @Override
  public int hashCode() {
    return rows.hashCode();
  }

  /** The text form. */
  @Override
  public String toString() {
    return Arrays.stream(ranges())
        .map(range -> range[0] == range[1] ? "" + range[0] : range[0] + "-" + range[1])
        .collect(Collectors.joining(","));
  }
}
