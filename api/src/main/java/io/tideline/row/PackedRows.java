package io.tideline.row;

import java.util.Arrays;

/**
 * Many rows of one width held compactly, in the order they were added: the keys of a batch or a
 * segment. Grows; not thread-safe while it does.
 */
public final class PackedRows {
  private final int width;
  private final CanonicalBuffer buffer = new CanonicalBuffer(256);
  private int[] ends = new int[16];
  private int size;

  /** An empty list of rows of {@code width} values. */
  public PackedRows(int width) {
    this.width = width;
  }

  /** A list of one row. */
  public static PackedRows of(Row row) {
    PackedRows rows = new PackedRows(row.width());
    rows.add(row, 0);
    return rows;
  }

  /** The number of values of each row. */
  public int width() {
    return width;
  }

  /** The number of rows. */
  public int size() {
    return size;
  }

  /** The bytes held. */
  public long bytes() {
    return buffer.length() + 4L * size;
  }

  /** Adds the {@link #width()} values of {@code row} that begin at {@code from}. */
  public void add(Row row, int from) {
    buffer.append(row, from, from + width);
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, size * 2);
    }
    ends[size++] = buffer.length();
  }

  /** Fills {@code into} with row {@code index}. */
  public void get(int index, Row into) {
    CanonicalBuffer.decode(buffer.array(), index == 0 ? 0 : ends[index - 1], into);
  }

  /** A copy of row {@code index}. */
  public Row get(int index) {
    Row row = new Row(width);
    get(index, row);
    return row;
  }
}
