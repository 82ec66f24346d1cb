package io.tideline.postgresql;

import io.tideline.dialect.GuardedQuery;
import io.tideline.dialect.GuardedSession;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.TimeForm;
import io.tideline.tuning.Work;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A session whose transactions may only read and are always rolled back, for queries that {@link
 * ReadingOnly} lets pass.
 */
final class PostgresGuardedSession implements GuardedSession {
  private static final String EXPLAIN = "EXPLAIN (FORMAT JSON, VERBOSE) ";
  private static final String MEASURE =
      "EXPLAIN (ANALYZE, FORMAT JSON, VERBOSE, TIMING OFF, SUMMARY OFF) ";

  /** Rows that are fetched at a time, so that a large answer takes no memory. */
  private static final int FETCHED = 1000;

  private final Session session;
  private final Duration longest;
  private final int version;
  private final Map<QueryText, Boolean> passed = new HashMap<>();
  private @Nullable Relations relations;
  private volatile boolean cancelled;

  private PostgresGuardedSession(Session session, Duration longest, int version) {
    this.session = session;
    this.longest = longest;
    this.version = version;
  }

  static PostgresGuardedSession open(ConnectionUrl url, Duration longest, int version) {
    Session session = Sessions.guarded(url, longest);
    try {
      session.connection().setAutoCommit(false);
      return new PostgresGuardedSession(session, longest, version);
    } catch (SQLException e) {
      session.close();
      throw Failures.reading(e, session.attempt("Cannot open " + url.place(), null, ""));
    }
  }

  /** A question to the server. */
  interface Question<T> {
    T ask() throws SQLException;
  }

  @Override
  public QueryPlan explain(QueryText text, List<@Nullable Object> values) {
    return guarded("explain", () -> tree(checked(text, values)));
  }

  private QueryPlan tree(String json) throws SQLException {
    return new PlanTree(relations(json), version).plan(json);
  }

  /** The plan of a query that was let pass. */
  private String checked(QueryText text, List<@Nullable Object> values) throws SQLException {
    ReadingOnly.check(session, text);
    String json = text(EXPLAIN, text, values);
    ReadingOnly.checkPlan(session, json);
    return json;
  }

  private String text(String before, QueryText text, List<@Nullable Object> values)
      throws SQLException {
    try (PreparedStatement statement =
        session.connection().prepareStatement(before + text.jdbc())) {
      bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return String.valueOf(rows.getString(1));
      }
    }
  }

  /** Read once; anew where a plan names an index that was not there. */
  private Relations relations(String json) throws SQLException {
    Relations known = relations;
    if (known == null || !PlanTree.indexes(json).stream().allMatch(known::knows)) {
      known = Relations.read(session);
      relations = known;
    }
    return known;
  }

  @Override
  public Work measure(QueryText text, List<@Nullable Object> values) {
    return guarded(
        "run",
        () -> {
          String plan = checked(text, values);
          try {
            return new PlanTree(relations(plan), version).work(text(MEASURE, text, values));
          } catch (SQLException e) {
            if (late(e)) {
              return new Work(0, 0, false, "It was ended by the time limit.");
            }
            throw e;
          }
        });
  }

  @Override
  public GuardedQuery prepare(QueryText text) {
    return guarded(
        "prepare",
        () -> {
          ReadingOnly.check(session, text);
          PreparedStatement statement = session.connection().prepareStatement(text.jdbc());
          statement.setFetchSize(FETCHED);
          return new Prepared(text, statement);
        });
  }

  /** A query whose text was let pass; its plan is looked at before its first run. */
  private final class Prepared implements GuardedQuery {
    private final QueryText text;
    private final PreparedStatement statement;

    Prepared(QueryText text, PreparedStatement statement) {
      this.text = text;
      this.statement = statement;
    }

    @Override
    public Answer run(List<@Nullable Object> values) {
      if (passed.putIfAbsent(text, true) == null) {
        try {
          guarded("run", () -> checked(text, values));
        } catch (RuntimeException e) {
          passed.remove(text);
          throw e;
        }
      }
      return guarded("run", () -> answer(values));
    }

    private Answer answer(List<@Nullable Object> values) throws SQLException {
      bind(statement, values);
      long begun = System.nanoTime();
      long rows = 0;
      try (ResultSet answer = statement.executeQuery()) {
        while (answer.next()) {
          rows++;
        }
      }
      return new Answer(rows, Duration.ofNanos(System.nanoTime() - begun));
    }

    @Override
    public void close() {
      try {
        statement.close();
      } catch (SQLException e) {
        return; // the server forgets it with the session
      }
    }
  }

  /**
   * Binds values as literals would stand there: a text without a type, so that it takes the one
   * that is wanted; a whole number as the smallest integer that holds it; a real one as numeric.
   */
  private static void bind(PreparedStatement statement, List<@Nullable Object> values)
      throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      int at = i + 1;
      if (value == null) {
        statement.setNull(at, Types.NULL);
      } else if (value instanceof String text) {
        statement.setObject(at, text, Types.OTHER);
      } else if (value instanceof Instant time) {
        statement.setObject(at, TimeForm.text(time) + "+00", Types.OTHER);
      } else if (value instanceof Long whole && whole == whole.intValue()) {
        statement.setInt(at, whole.intValue());
      } else if (value instanceof Double real && Double.isFinite(real)) {
        statement.setBigDecimal(at, BigDecimal.valueOf(real));
      } else {
        statement.setObject(at, value);
      }
    }
  }

  private <T> T guarded(String doing, Question<T> question) {
    String what = "Cannot " + doing + " the query";
    if (cancelled) {
      throw interrupted(what, null);
    }
    try {
      return question.ask();
    } catch (SQLException e) {
      throw told(what, e);
    } finally {
      rollBack();
    }
  }

  private void rollBack() {
    try {
      session.connection().rollback();
    } catch (SQLException e) {
      return; // the connection is lost, and the transaction with it
    }
  }

  private RuntimeException told(String what, SQLException e) {
    if (Failures.state(e).equals("57014") && cancelled) {
      return interrupted(what, e);
    }
    if (late(e)) {
      return new TidelineException(
          ErrorCode.DATABASE_BUSY,
          what + ": it took longer than " + longest.toMillis() / 1000.0 + " s.",
          "Nothing was changed.",
          "Give it more time, or make the query read less.",
          e);
    }
    if (Failures.state(e).equals("25006")) {
      return new TidelineException(
          ErrorCode.QUERY_REFUSED,
          what + ": " + Failures.words(e) + ".",
          "Nothing was changed.",
          "Write one SELECT that only reads.",
          e);
    }
    return Failures.reading(e, session.attempt(what, null, ""));
  }

  private boolean late(SQLException e) {
    return Failures.state(e).equals("57014") && !cancelled;
  }

  private static TidelineException interrupted(String what, @Nullable SQLException cause) {
    return new TidelineException(
        ErrorCode.INTERRUPTED,
        what + ": it was interrupted.",
        "Nothing was changed.",
        "Run the same command again.",
        cause);
  }

  @Override
  public void cancel() {
    cancelled = true;
    try {
      session.connection().unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException e) {
      return; // the session is gone, and what it did with it
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
