package io.tideline.dialect;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.row.RowSink;
import java.time.Duration;
import java.util.List;

/**
 * A connection that only reads. Each call is a short read snapshot of its own, ended before the
 * call returns; memory is bounded by one row, or what the engine's driver fetches at a time.
 *
 * <p>Every call throws {@link io.tideline.error.TidelineException} with {@code DATABASE_BUSY},
 * {@code CONNECTION_LOST}, {@code DATABASE_CORRUPT}, {@code RIGHTS_MISSING} or {@code SQL_FAILED}
 * (the engine's own message, for a predicate of the user's that it refuses), leaving nothing
 * changed.
 */
public interface Reader extends Lookups, AutoCloseable {
  /**
   * Reads at most {@code limit} rows of {@code scan} in its order, until the sink wants no more.
   *
   * @return the number of rows given to the sink
   */
  long scan(Scan scan, int limit, RowSink sink);

  /** How the engine would carry a scan out. */
  AccessPath explain(Scan scan);

  /**
   * Values of a time column or expression from which its encoding can be told: some from each end,
   * some from random places, some of every storage class, in no order, with repeats. Bounded work
   * where an index or key allows. Each row has one value, never null.
   */
  void sampleTimes(Table table, Item time, RowSink sink);

  /** The number of rows, exactly. */
  long count(Table table, List<Condition> filter);

  /** The number of rows of one partition, exactly. */
  default long count(Table table, Partition partition, List<Condition> filter) {
    throw new UnsupportedOperationException("Cannot read partitions here");
  }

  /** Bytes of the table with its indexes; an estimate where exact would be dear. */
  long tableBytes(Table table);

  /**
   * Whether a query of the user's, one statement, gives any row. Names are found as in the user's
   * own sessions.
   *
   * @param timeout after how long it is cancelled
   * @throws io.tideline.error.TidelineException {@code SQL_FAILED} if the engine refuses or cancels
   *     it
   */
  boolean any(String sql, Duration timeout);

  /** Checks that the engine accepts a predicate or expression on the table, without running it. */
  void check(Table table, Item item);

  /**
   * How the engine finds the rows that refer over a foreign key when a row referred to is deleted.
   *
   * @param from the table that refers
   */
  ReferrerPath referrerPath(ForeignKey key, Table from);

  @Override
  void close();
}
