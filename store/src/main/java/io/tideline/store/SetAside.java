package io.tideline.store;

/**
 * Hears of rows that a {@link BufferedWriter} accepted and did not write. From then on the row is
 * the listener's: write it to a log or a file, and it is not lost.
 *
 * @param <T> a row
 */
@FunctionalInterface
public interface SetAside<T> {
  /**
   * The row, and why: the database refuses it, or the writer was closed before it could be written.
   * Return quickly; an exception is logged, and the writer goes on.
   */
  void row(T row, StoreException why);
}
