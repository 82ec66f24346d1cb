package io.tideline.testkit.advise;

import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.GuardedSession;
import io.tideline.maintenance.advise.AdviceReport;
import io.tideline.maintenance.advise.Advise;
import io.tideline.maintenance.advise.AdviseRequest;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.testkit.Product;
import io.tideline.testkit.TestDatabase;
import io.tideline.tuning.Breach;
import io.tideline.tuning.Expectations;
import io.tideline.tuning.QueryParameter;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.QueryValue;
import io.tideline.tuning.TableSize;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks for advice, takes it, and asks the live database whether it was good. */
final class Asking {
  static final Expectations SEEKS =
      new Expectations(List.of(), true, List.of(), true, Optional.empty());

  private final TestDatabase database;
  private final Path folder;

  Asking(TestDatabase database, Path folder) {
    this.database = database;
    this.folder = folder;
  }

  static QuerySpec query(String name, String sql, Map<String, Object> values) {
    return query(name, sql, values, SEEKS);
  }

  static QuerySpec query(String name, String sql, Map<String, Object> values, Expectations expect) {
    List<QueryParameter> parameters = new ArrayList<>();
    values.forEach((key, value) -> parameters.add(QueryParameter.of(key, value(value))));
    return new QuerySpec(name, QueryText.of(sql), parameters, expect);
  }

  private static QueryValue value(Object value) {
    return value instanceof Number number
        ? new QueryValue.Whole(number.longValue())
        : new QueryValue.Text(value.toString());
  }

  AdviceReport advise(QuerySpec... queries) {
    return advise(List.of(), AdviseRequest.USUAL, List.of(queries));
  }

  AdviceReport advise(List<TableSize> sizes, Duration longest, List<QuerySpec> queries) {
    Settings settings = Settings.of(database.url(), folder.resolve("archive"), List.of());
    try (Advise advise = Advise.open(settings, Clock.systemUTC())) {
      return advise.advise(new AdviseRequest(queries, sizes, longest), WorkListener.NONE);
    }
  }

  /** Makes what was advised, for real, and lets the planner know. */
  void take(AdviceReport report) {
    report.indexes().forEach(index -> database.execute(index.statement()));
    analyze();
  }

  void analyze() {
    database.execute(database.product() == Product.SQLITE ? "ANALYZE" : "VACUUM ANALYZE");
  }

  /** What the live plan of a query does not meet. */
  List<Breach> breaches(QuerySpec query) {
    try (Database open = Databases.open(new DatabaseUrl(database.url()));
        GuardedSession session = open.openGuarded(Duration.ofSeconds(10))) {
      return query.expect().judge(session.explain(query.text(), query.values(Instant.EPOCH)));
    }
  }
}
