package io.tideline.maintenance.check;

import io.tideline.dialect.Database;
import io.tideline.dialect.GuardedSession;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Plans on the live schema with the statistics that it has, all over one connection. */
public final class LivePlans implements PlanSource {
  private final GuardedSession session;

  private LivePlans(GuardedSession session) {
    this.session = session;
  }

  /**
   * Opens a connection of its own.
   *
   * @param longest how long a query may run
   */
  public static LivePlans open(Database database, Duration longest) {
    return new LivePlans(database.openGuarded(longest));
  }

  @Override
  public QueryPlan plan(QuerySpec query, Instant now) {
    return session.explain(query.text(), query.values(now));
  }

  @Override
  public Optional<Work> work(QuerySpec query, Instant now) {
    return Optional.of(session.measure(query.text(), query.values(now)));
  }

  @Override
  public String basis() {
    return "the live schema";
  }

  @Override
  public void cancel() {
    session.cancel();
  }

  @Override
  public void close() {
    session.close();
  }
}
