package io.tideline.maintenance.check;

import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.tuning.Expectations;
import io.tideline.tuning.QueryParameter;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.QueryValue;
import io.tideline.tuning.TimeForm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The expectations of {@code tideline check} in a test of an application. Not thread-safe.
 *
 * <p>A query that is not as expected throws an {@link AssertionError} with its plan; one that does
 * more than read is refused, as everywhere.
 */
public final class PlanCheck implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Database database;
  private final LivePlans plans;

  private PlanCheck(Database database, LivePlans plans) {
    this.database = database;
    this.plans = plans;
  }

  /**
   * Opens a database to look at plans on it.
   *
   * @param url as in a configuration: {@code sqlite:/path/to.db} or {@code
   *     postgresql://user@host:5432/name}
   * @throws io.tideline.error.TidelineException {@code DATABASE_*}
   */
  public static PlanCheck open(String url) {
    Database database = Databases.open(new DatabaseUrl(url));
    try {
      return new PlanCheck(database, LivePlans.open(database, LONGEST));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Begins to say what is expected of a query.
   *
   * @param sql one statement with parameters written as {@code :name}
   * @throws io.tideline.error.TidelineException {@code ARGUMENT_INVALID} if it is none
   */
  public Query query(String sql) {
    return new Query(QueryText.of(sql));
  }

  /** A query and what is expected of it. */
  public final class Query {
    private final QueryText text;
    private final List<QueryParameter> parameters = new ArrayList<>();
    private Expectations expect = Expectations.NONE;

    private Query(QueryText text) {
      this.text = text;
    }

    /**
     * Gives a parameter its value.
     *
     * @param value null, a String, Integer, Long, Double, Boolean, byte[] or Instant
     * @throws IllegalArgumentException if it is of another type
     */
    public Query with(String name, @Nullable Object value) {
      parameters.add(QueryParameter.of(name, value(name, value)));
      return this;
    }

    /** Expects that the plan uses all of these indexes. */
    public Query usesIndex(String... names) {
      expect =
          new Expectations(
              Arrays.asList(names),
              expect.noFullScan(),
              expect.mayScan(),
              expect.noSort(),
              expect.maxExamined());
      return this;
    }

    /** Expects that no table is read whole, but for those named here, which stay small. */
    public Query noFullScan(String... butOf) {
      expect =
          new Expectations(
              expect.usesIndex(),
              true,
              Arrays.asList(butOf),
              expect.noSort(),
              expect.maxExamined());
      return this;
    }

    /** Expects that nothing is sorted. */
    public Query noSort() {
      expect =
          new Expectations(
              expect.usesIndex(),
              expect.noFullScan(),
              expect.mayScan(),
              true,
              expect.maxExamined());
      return this;
    }

    /** Expects that at most so many rows are read for each row of the answer; runs the query. */
    public Query examinesAtMost(double rows) {
      expect =
          new Expectations(
              expect.usesIndex(),
              expect.noFullScan(),
              expect.mayScan(),
              expect.noSort(),
              Optional.of(rows));
      return this;
    }

    /**
     * Judges the plan that the query has now.
     *
     * @throws AssertionError with what is not as expected, and the plan
     * @throws IllegalArgumentException if a parameter has no value, or a value no parameter
     */
    public void verify() {
      CheckedQuery checked =
          new QueryCheck(plans, Instant.EPOCH)
              .check(new QuerySpec("of this test", text, parameters, expect));
      if (checked.verdict().bad()) {
        throw new AssertionError(message(checked));
      }
    }

    private String message(CheckedQuery checked) {
      String why =
          checked.failure()
              + checked.breaches().stream()
                  .map(breach -> breach.why())
                  .collect(Collectors.joining("\n"));
      String tree =
          checked.plan().stream()
              .flatMap(plan -> PlanText.lines(plan, checked.breaches()).stream())
              .map(PlanText.Line::text)
              .collect(Collectors.joining("\n"));
      return "The plan of this query is not as expected:\n" + text.sql() + "\n" + why + "\n" + tree;
    }
  }

  private static QueryValue value(String name, @Nullable Object value) {
    if (value == null) {
      return new QueryValue.Nothing();
    } else if (value instanceof String text) {
      return new QueryValue.Text(text);
    } else if (value instanceof Integer || value instanceof Long) {
      return new QueryValue.Whole(((Number) value).longValue());
    } else if (value instanceof Double real) {
      return new QueryValue.Real(real);
    } else if (value instanceof Boolean truth) {
      return new QueryValue.Truth(truth);
    } else if (value instanceof byte[] bytes) {
      return new QueryValue.Bytes(HexFormat.of().formatHex(bytes));
    } else if (value instanceof Instant time) {
      return new QueryValue.At(time, TimeForm.TIMESTAMP);
    }
    throw new IllegalArgumentException(
        "Cannot use a " + value.getClass().getName() + " as the value of :" + name);
  }

  @Override
  public void close() {
    plans.close();
    database.close();
  }
}
