package io.tideline.core.plan;

import io.tideline.catalogue.ForeignKey;
import io.tideline.core.closure.Edge;
import io.tideline.core.closure.Shape;
import io.tideline.dialect.Database;
import io.tideline.dialect.Reader;
import io.tideline.dialect.ReferrerPath;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.DependentRows;
import io.tideline.plan.Finding;
import io.tideline.plan.Plan;
import io.tideline.plan.UnindexedKey;
import io.tideline.policy.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds the foreign keys into trees that no index serves: an engine that enforces one reads the
 * whole referring table with each row that goes, whether any row refers to it or not.
 */
public final class Unindexed {
  /** Beside live traffic: for as long in all, single batches hold their locks for seconds. */
  private static final Duration GENTLE_BOUND = Duration.ofMinutes(1);

  private static final Duration OFFLINE_BOUND = Duration.ofMinutes(10);

  private final Database database;
  private final Reader reader;
  private final Map<ForeignKey, Lack> looked = new HashMap<>();
  private final Map<ForeignKey, Long> going = new LinkedHashMap<>();

  /** What is known of a foreign key; its table is counted only where no index serves. */
  private record Lack(ReferrerPath path, Edge edge, long rows, String statement) {}

  Unindexed(Database database, Reader reader) {
    this.database = database;
    this.reader = reader;
  }

  /**
   * Looks at the foreign keys into the trees of a policy.
   *
   * @param roots the roots that go
   * @param dependents what goes with them
   */
  List<Finding> look(Shape shape, long roots, List<DependentRows> dependents) {
    List<Finding> findings = new ArrayList<>();
    for (Edge edge : shape.edges()) {
      Lack lack = looked.computeIfAbsent(edge.key(), key -> lack(edge));
      long leaving =
          edge.parent() == 0
              ? roots
              : dependents.stream()
                  .filter(each -> each.table().equals(edge.key().to()))
                  .mapToLong(DependentRows::rows)
                  .sum();
      if (lack.path() == ReferrerPath.PART) {
        String what = "no index leads by all its columns to " + edge.key().display();
        findings.add(new Finding("no-referrer-index", what, mend(lack)));
      } else if (lack.path() == ReferrerPath.SCAN) {
        going.merge(edge.key(), leaving, Long::sum);
        String what = Forecast.of(edge.key(), leaving, lack.rows()).words();
        findings.add(new Finding("no-referrer-index", what, mend(lack)));
      }
    }
    return findings;
  }

  private Lack lack(Edge edge) {
    ReferrerPath path = reader.referrerPath(edge.key(), edge.from());
    long rows = path == ReferrerPath.SCAN ? reader.count(edge.from(), List.of()) : 0;
    String statement =
        path == ReferrerPath.INDEX ? "" : database.indexStatement(edge.key(), edge.from());
    return new Lack(path, edge, rows, statement);
  }

  private static String mend(Lack lack) {
    return lack.statement().isEmpty()
        ? "declare both columns of one type: no index can serve this comparison"
        : lack.statement();
  }

  /** The foreign keys without an index into tables of which rows go, over all policies. */
  List<UnindexedKey> found() {
    List<UnindexedKey> found = new ArrayList<>();
    going.forEach(
        (key, rows) -> {
          Lack lack = looked.get(key);
          if (rows > 0 && lack != null) {
            Forecast forecast = Forecast.of(key, rows, lack.rows());
            found.add(
                new UnindexedKey(
                    key.from(),
                    key.columns(),
                    key.to(),
                    forecast.times(),
                    lack.rows(),
                    forecast.cost(),
                    forecast.words(),
                    lack.statement()));
          }
        });
    return found;
  }

  /** Whether a run at that pace is refused without the indexes that a plan lacks. */
  public static boolean forbidden(Plan plan, Pace pace) {
    Duration cost =
        plan.unindexed().stream().map(UnindexedKey::cost).reduce(Duration.ZERO, Duration::plus);
    return cost.compareTo(pace.offline() ? OFFLINE_BOUND : GENTLE_BOUND) > 0;
  }

  /**
   * Refuses a plan that would read for too long.
   *
   * @throws TidelineException {@code INDEX_MISSING}
   */
  public static void refuse(Plan plan, Pace pace) {
    if (!forbidden(plan, pace)) {
      return;
    }
    String what =
        plan.unindexed().stream().map(UnindexedKey::what).collect(Collectors.joining("; "));
    String statements =
        plan.unindexed().stream()
            .map(UnindexedKey::statement)
            .filter(statement -> !statement.isEmpty())
            .map(statement -> statement + ";")
            .collect(Collectors.joining("\n"));
    throw new TidelineException(
        ErrorCode.INDEX_MISSING,
        "Cannot run at the pace '" + pace.base().word() + "': " + what + ".",
        "Nothing was changed.",
        statements.isEmpty()
            ? "Declare both columns of one type, so that an index can serve."
            : "Run again with --create-indexes, or make the indexes yourself:\n" + statements);
  }
}
