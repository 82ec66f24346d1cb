package io.tideline.row;

/** Gives rows one by one. */
public interface RowSource {
  /**
   * Fills {@code row} with the next row.
   *
   * @return whether there was one; {@code false} leaves the row as it was
   */
  boolean next(Row row);
}
