package io.tideline.maintenance.check;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.check.CheckedQuery.Verdict;
import io.tideline.tuning.Breach;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.Work;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Explains queries and judges their plans. A query is run only where the rows that it reads are
 * limited.
 */
public final class QueryCheck {
  /** Failures that are one query's own: the others are checked all the same. */
  private static final Set<ErrorCode> OWN =
      Set.of(
          ErrorCode.QUERY_REFUSED,
          ErrorCode.SQL_FAILED,
          ErrorCode.DATABASE_BUSY,
          ErrorCode.RIGHTS_MISSING);

  /** Whether a failure is one query's own, so that the others can be looked at all the same. */
  public static boolean own(TidelineException failure) {
    return OWN.contains(failure.code());
  }

  private final PlanSource plans;
  private final Instant now;

  /**
   * @param now what ages in parameters count from
   */
  public QueryCheck(PlanSource plans, Instant now) {
    this.plans = plans;
    this.now = now;
  }

  /**
   * Checks queries one after the other; changes nothing.
   *
   * @param database how the report names the database
   * @throws TidelineException {@code INTERRUPTED}, {@code CONNECTION_LOST}; what a single query
   *     cannot do stands in the report
   */
  public CheckReport run(String database, List<QuerySpec> queries) {
    List<CheckedQuery> checked = new ArrayList<>();
    queries.forEach(query -> checked.add(check(query)));
    return new CheckReport(database, plans.basis(), checked);
  }

  /** Checks one. Throws as {@link #run}. */
  public CheckedQuery check(QuerySpec query) {
    Optional<QueryPlan> plan = Optional.empty();
    try {
      QueryPlan found = plans.plan(query, now);
      plan = Optional.of(found);
      Optional<Work> work =
          query.expect().maxExamined().isPresent() ? plans.work(query, now) : Optional.empty();
      List<Breach> breaches = query.expect().judge(found, work);
      Verdict verdict =
          !breaches.isEmpty()
              ? Verdict.FAILS
              : query.expect().any() ? Verdict.PASSES : Verdict.NOT_JUDGED;
      return new CheckedQuery(query.name(), verdict, plan, work, breaches, "");
    } catch (TidelineException e) {
      if (!own(e)) {
        throw e;
      }
      return new CheckedQuery(
          query.name(), Verdict.IMPOSSIBLE, plan, Optional.empty(), List.of(), e.getMessage());
    }
  }
}
