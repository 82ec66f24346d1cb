package io.tideline.archive;

import io.tideline.policy.Predicate;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SQL over archive views; found by {@link java.util.ServiceLoader}, absent where not installed. */
public interface QueryEngine {
  /**
   * Runs one read-only statement. Each view is a table of its own name, with the columns of its
   * segments and {@code _outcome}, {@code _run} and {@code _archived_at}.
   *
   * @param views what the statement may name
   * @param sql the statement
   * @param result takes the answer
   * @throws io.tideline.error.TidelineException {@code QUERY_REFUSED} for anything but a query, for
   *     a file outside the views, or an error of SQL
   */
  void query(List<ArchiveView> views, String sql, Result result);

  /**
   * Finds the rows of a view that meet a predicate over its columns.
   *
   * @throws io.tideline.error.TidelineException as {@link #query}
   */
  void rowsWhere(ArchiveView view, Predicate predicate, FoundRow found);

  /** Takes the places of rows. */
  interface FoundRow {
    /** Takes one row: its file and its ordinal in it. */
    void row(Path file, int ordinal);
  }

  /** Takes an answer. */
  interface Result {
    /** Called once, before any row. */
    void columns(List<String> names, List<String> types);

    /**
     * Called for each row.
     *
     * @param values null, {@link Long}, {@link java.math.BigInteger}, {@link Double}, {@link
     *     Float}, {@link java.math.BigDecimal}, {@link Boolean}, {@link String}, {@code byte[]} or
     *     a {@code java.time} value; anything else as a string
     * @return whether more rows are wanted
     */
    boolean row(@Nullable Object[] values);
  }
}
