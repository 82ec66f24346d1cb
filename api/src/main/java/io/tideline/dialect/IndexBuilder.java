package io.tideline.dialect;

import io.tideline.health.Finding;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexStanding;
import java.util.List;

/**
 * Makes and drops indexes, beside live traffic where the engine can. An index is known by its name,
 * its table and what it holds; nothing else of the same name is ever touched. Whoever changes
 * anything by it holds the lease. For one thread.
 *
 * <p>Every call that takes a spec throws {@code TABLE_UNKNOWN} or {@code COLUMN_UNKNOWN} if it
 * names what is not there.
 */
public interface IndexBuilder extends AutoCloseable {
  /** How a declared index stands. Changes nothing. */
  IndexStanding look(IndexSpec spec);

  /**
   * Checks that the engine has such indexes, that their texts are right, and that this login may
   * make and drop them. Changes nothing.
   *
   * @throws io.tideline.error.TidelineException {@code INDEX_REFUSED}, {@code RIGHTS_MISSING},
   *     {@code SQL_FAILED}
   */
  void require(IndexSpec spec);

  /** What making it would cost. Changes nothing. */
  IndexCost cost(IndexSpec spec);

  /** The statement that makes it, for a person to run. */
  String statement(IndexSpec spec);

  /** What would hold a build up now: old transactions. Changes nothing. */
  default List<Finding> obstacles() {
    return List.of();
  }

  /**
   * Removes what a killed {@link #replace} of this index left under names of its own.
   *
   * @return what was removed, one phrase each
   */
  default List<String> tidy(IndexSpec spec, IndexTask task) {
    return List.of();
  }

  /**
   * Makes an index that is missing, with the statistics that the planner needs of it. One that a
   * failure left invalid is made anew; one that is there is left as it is.
   *
   * @return what was done, in one sentence
   * @throws io.tideline.error.TidelineException {@code INDEX_REFUSED} if another thing has its
   *     name, or rows repeat that must not; {@code DATABASE_BUSY}, {@code INTERRUPTED}, {@code
   *     DISK_FULL}, {@code RIGHTS_MISSING}, {@code CONNECTION_LOST}: the index is not there then,
   *     and what is left of it the next call removes
   */
  String make(IndexSpec spec, IndexTask task);

  /**
   * Puts the declared index in the place of a different one of its name and table, so that at no
   * moment both are missing.
   *
   * @return what was done, in one sentence
   * @throws io.tideline.error.TidelineException as {@link #make}; the old one stands then
   */
  String replace(IndexSpec spec, IndexTask task);

  /**
   * Drops an index that is declared absent, if it lies on its table and nothing stands on it.
   *
   * @return what was done, in one sentence
   * @throws io.tideline.error.TidelineException {@code INDEX_REFUSED} if it cannot go; {@code
   *     DATABASE_BUSY}, {@code INTERRUPTED}, {@code RIGHTS_MISSING}
   */
  String drop(IndexSpec spec, IndexTask task);

  @Override
  void close();
}
