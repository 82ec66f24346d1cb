package io.tideline.sqlite;

import io.tideline.dialect.GuardedQuery;
import io.tideline.dialect.GuardedSession;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.TimeForm;
import io.tideline.tuning.Work;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** A connection that SQLite keeps from writing, for queries that {@link ReadingOnly} lets pass. */
final class SqliteGuardedSession implements GuardedSession {
  private final DatabaseFile file;
  private final Duration longest;
  private final Session session;
  private final Deadline deadline;
  private final SchemaNames names;
  private final String version;
  private volatile @Nullable RowCounter counter;

  private SqliteGuardedSession(DatabaseFile file, Duration longest, Session session)
      throws SQLException {
    this.file = file;
    this.longest = longest;
    this.session = session;
    deadline = new Deadline(session.db(), longest);
    names = new SchemaNames(session);
    version = session.strings("SELECT sqlite_version()").get(0)[0];
  }

  static SqliteGuardedSession open(DatabaseFile file, Duration longest) {
    try {
      return new SqliteGuardedSession(file, longest, Session.openGuarded(file));
    } catch (SQLException e) {
      throw Failures.reading("Cannot open the database " + file.path(), e);
    }
  }

  /** A question to SQLite. */
  interface Question<T> {
    T ask() throws SQLException;
  }

  @Override
  public QueryPlan explain(QueryText text, List<@Nullable Object> values) {
    return guarded(
        "explain",
        () -> {
          PlanNames.Schema schema = check(text);
          List<PlanLines.Line> lines = lines(session, text.jdbc(), values);
          PlanLines reader = new PlanLines(PlanNames.of(schema, text), version);
          return new QueryPlan("SQLite " + version, reader.read(lines), Optional.empty());
        });
  }

  private PlanNames.Schema check(QueryText text) throws SQLException {
    PlanNames.Schema schema = names.read();
    ReadingOnly.check(session, text);
    return schema;
  }

  static List<PlanLines.Line> lines(Session session, String sql, List<@Nullable Object> values)
      throws SQLException {
    List<PlanLines.Line> lines = new ArrayList<>();
    try (PreparedStatement statement = session.prepareOwn("EXPLAIN QUERY PLAN " + sql)) {
      bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          lines.add(
              new PlanLines.Line(
                  rows.getInt(1), rows.getInt(2), String.valueOf(rows.getString(4))));
        }
      }
    }
    return lines;
  }

  @Override
  public Work measure(QueryText text, List<@Nullable Object> values) {
    return guarded(
        "run",
        () -> {
          PlanNames.Schema schema = check(text);
          RowCounter counting = counter;
          if (counting == null || !counting.fresh(names.version())) {
            if (counting != null) {
              counting.close();
            }
            counting = RowCounter.open(file, longest, schema, names.version());
            counter = counting;
          }
          Optional<Work> counted = counting.measure(text, values);
          return counted.isPresent()
              ? counted.get()
              : RowCounter.steps(session, deadline, text, values);
        });
  }

  @Override
  public GuardedQuery prepare(QueryText text) {
    return guarded(
        "prepare",
        () -> {
          check(text);
          return new Prepared(session.prepareOwn(text.jdbc()));
        });
  }

  /** A query that was let pass. */
  private final class Prepared implements GuardedQuery {
    private final PreparedStatement statement;

    Prepared(PreparedStatement statement) {
      this.statement = statement;
    }

    @Override
    public Answer run(List<@Nullable Object> values) {
      return guarded(
          "run",
          () -> {
            bind(statement, values);
            long begun = System.nanoTime();
            long rows = 0;
            try (ResultSet answer = statement.executeQuery()) {
              int width = answer.getMetaData().getColumnCount();
              while (answer.next()) {
                for (int i = 1; i <= width; i++) {
                  answer.getObject(i);
                }
                rows++;
              }
            }
            return new Answer(rows, Duration.ofNanos(System.nanoTime() - begun));
          });
    }

    @Override
    public void close() {
      try {
        statement.close();
      } catch (SQLException e) {
        throw Failures.reading("Cannot close a query", e);
      }
    }
  }

  /** Binds values as an application would: a timestamp as the text that SQLite's functions read. */
  static void bind(PreparedStatement statement, List<@Nullable Object> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      statement.setObject(
          i + 1,
          value instanceof Instant time
              ? TimeForm.text(time)
              : value instanceof Boolean truth ? (truth ? 1 : 0) : value);
    }
  }

  private <T> T guarded(String doing, Question<T> question) {
    String what = "Cannot " + doing + " the query";
    if (!deadline.begin()) {
      throw interrupted(what, null);
    }
    try {
      return question.ask();
    } catch (SQLException e) {
      if (Failures.primary(e) == SQLiteErrorCode.SQLITE_INTERRUPT) {
        throw deadline.late() ? late(what, e) : interrupted(what, e);
      }
      throw Failures.reading(what, e);
    } finally {
      deadline.end();
    }
  }

  private TidelineException late(String what, SQLException cause) {
    return new TidelineException(
        ErrorCode.DATABASE_BUSY,
        what + ": it took longer than " + longest.toMillis() / 1000.0 + " s.",
        "Nothing was changed.",
        "Give it more time, or make the query read less.",
        cause);
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
    deadline.cancel();
    RowCounter counting = counter;
    if (counting != null) {
      counting.cancel();
    }
  }

  @Override
  public void close() {
    deadline.close();
    RowCounter counting = counter;
    if (counting != null) {
      counting.close();
    }
    session.close();
  }
}
