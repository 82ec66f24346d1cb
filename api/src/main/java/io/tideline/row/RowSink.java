package io.tideline.row;

/** Takes rows one by one. */
@FunctionalInterface
public interface RowSink {
  /**
   * Takes one row; the row is filled again after the call returns.
   *
   * @return whether more rows are wanted
   */
  boolean accept(Row row);
}
