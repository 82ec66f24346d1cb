package io.tideline.dialect;

import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection in which a user's own queries are explained and run, and in which nothing can be
 * changed: the connection may only read, and a statement that could do more, a function that acts
 * outside of transactions included, is refused before anything of it runs. Belongs to one thread;
 * only {@link #cancel} may be called from others.
 *
 * <p>Every call throws {@link io.tideline.error.TidelineException}: {@code QUERY_REFUSED} for a
 * statement that could do more than read, {@code SQL_FAILED} where the engine objects to it, {@code
 * DATABASE_BUSY} where a lock is in the way or the time is over, {@code INTERRUPTED} after {@link
 * #cancel}, {@code CONNECTION_LOST}. Nothing is changed then either.
 */
public interface GuardedSession extends AutoCloseable {
  /**
   * The plan of a query on the live schema. Does not run it.
   *
   * @param values of the placeholders in order, as {@link
   *     io.tideline.tuning.QuerySpec#values(java.time.Instant)} gives them
   */
  QueryPlan explain(QueryText text, List<@Nullable Object> values);

  /**
   * Runs a query and counts the rows that it reads, which makes it slower.
   *
   * @return what it took; not {@link Work#complete} if its time was over first
   */
  Work measure(QueryText text, List<@Nullable Object> values);

  /** Prepares a query that may be run many times. */
  GuardedQuery prepare(QueryText text);

  /** Ends what runs now, from another thread. */
  void cancel();

  @Override
  void close();
}
