package io.tideline.maintenance.check;

import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.Work;
import java.time.Instant;
import java.util.Optional;

/** Where plans come from: the live schema, or a stand-in for it of another size. */
public interface PlanSource extends AutoCloseable {
  /**
   * The plan of a query.
   *
   * @throws io.tideline.error.TidelineException {@code QUERY_REFUSED}, {@code SQL_FAILED}, {@code
   *     DATABASE_BUSY}, {@code INTERRUPTED}, {@code CONNECTION_LOST}; nothing is changed
   */
  QueryPlan plan(QuerySpec query, Instant now);

  /** What a query takes; empty if it cannot be run here. Throws as {@link #plan}. */
  Optional<Work> work(QuerySpec query, Instant now);

  /** What the plans are made from, one phrase for a person: {@code the live schema}. */
  String basis();

  /** Ends what runs now, from another thread. */
  void cancel();

  @Override
  void close();
}
