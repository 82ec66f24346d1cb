package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.IndexTask;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexStanding;
import io.tideline.tuning.IndexState;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes and drops one index of one table CONCURRENTLY, outside a transaction: while it waits for
 * others and reads, nobody waits for it. A failure leaves an invalid index, which writers keep up
 * and nobody reads: it is dropped at once where that can be, and else by the next call. Never
 * {@code IF NOT EXISTS}, to which such a remnant is an index.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY">Building
 *     indexes concurrently</a>
 */
final class ConcurrentIndex {
  /** To drop a remnant waits for the same transactions as its build did: not for long. */
  private static final String SHORT = "SET lock_timeout = '2s'; SET statement_timeout = 0";

  private final Session session;
  private final Session watching;
  private final TableShape shape;
  private final TableName on;
  private final IndexLook look;
  private final IndexTask task;

  /**
   * @param session writes, outside a transaction
   * @param watching another session
   */
  ConcurrentIndex(Session session, Session watching, TableShape shape, IndexTask task) {
    this(session, watching, shape, shape.name(), shape.oid(), task);
  }

  /**
   * @param on the table, or a partition of it, that gets the index
   */
  ConcurrentIndex(
      Session session, Session watching, TableShape shape, TableName on, long oid, IndexTask task) {
    this.session = session;
    this.watching = watching;
    this.shape = shape;
    this.on = on;
    this.look = new IndexLook(session, shape, on, oid);
    this.task = task;
  }

  IndexStanding look(IndexSpec spec) throws SQLException {
    return look.look(spec);
  }

  /** Makes one that is missing, or that a failure left invalid. */
  void make(IndexSpec spec) throws SQLException {
    String what = "Cannot make the index " + spec.name() + " on " + on;
    IndexStanding found = look.look(spec);
    if (found.state() == IndexState.INVALID) {
      dropConcurrently(what, spec.name());
      task.listener().stepped("index-remnant-dropped");
    } else if (found.state() != IndexState.MISSING) {
      throw refusal("make", found);
    }
    task.listener().stepped("index-begun");
    WatchedBuild build = patient(spec.name());
    try {
      build.execute(
          IndexStatement.of(spec, shape.table(), "CONCURRENTLY", spec.name(), Sql.quote(on)));
    } catch (SQLException e) {
      throw failed(what, spec, e, build, cleaned(spec));
    }
    task.listener().stepped("index-built");
  }

  private WatchedBuild patient(String name) throws SQLException {
    session.execute(
        "SET lock_timeout = "
            + Math.min(Integer.MAX_VALUE, task.patience().toMillis())
            + "; SET statement_timeout = 0");
    return new WatchedBuild(session, watching, task, name);
  }

  /** Drops an index that was looked at. */
  void dropConcurrently(String what, String name) throws SQLException {
    WatchedBuild drop = patient(name);
    try {
      drop.execute("DROP INDEX CONCURRENTLY " + Sql.quote(new TableName(on.schema(), name)));
    } catch (SQLException e) {
      throw failed(
          what, null, e, drop, "An index " + name + " is left invalid; the next call drops it.");
    }
  }

  /** Removes what a failed build left. @return in what state that leaves the table */
  private String cleaned(IndexSpec spec) {
    String left =
        "An unfinished index may be left, which nobody reads by; the next `tideline indexes --apply`"
            + " removes it.";
    if (session.closed()) {
      return left;
    }
    try {
      if (look.look(spec).state() == IndexState.INVALID) {
        session.execute(SHORT);
        session.execute(
            "DROP INDEX CONCURRENTLY " + Sql.quote(new TableName(on.schema(), spec.name())));
      }
      return "What was built of it is removed; nothing else was changed.";
    } catch (SQLException e) {
      return left;
    }
  }

  private RuntimeException failed(
      String what, @Nullable IndexSpec spec, SQLException e, WatchedBuild build, String state) {
    String code = Failures.state(e);
    boolean stopped = code.equals("57014") && task.stopping().getAsBoolean();
    if (stopped) {
      return new TidelineException(
          ErrorCode.INTERRUPTED, what + ": stopped.", state, "Run the same command again.", e);
    }
    if (code.equals("23505") && spec != null) {
      String columns =
          spec.columns().stream().map(Object::toString).collect(Collectors.joining(", "));
      return new TidelineException(
          ErrorCode.INDEX_REFUSED,
          what + ": it forbids repeats, and rows repeat others in (" + columns + ").",
          state,
          "Find them by GROUP BY over these columns HAVING count(*) > 1, mend them, and run it"
              + " again.",
          e);
    }
    if (code.equals("55P03")) {
      String who = build.blocker().isEmpty() ? "other sessions" : build.blocker();
      return new TidelineException(
          ErrorCode.DATABASE_BUSY,
          what + ": it waited longer than it may for " + who + ".",
          state,
          "Let that transaction end, or wait longer with --wait.",
          e);
    }
    RuntimeException known = Failures.reading(e, session.attempt(what, null, ""));
    return known instanceof TidelineException told
        ? new TidelineException(told.code(), told.what(), state, told.mend(), e)
        : known;
  }

  /** Why an index in that state is neither made nor dropped. */
  static TidelineException refusal(String verb, IndexStanding found) {
    boolean building = found.state() == IndexState.BUILDING;
    String why =
        found.details().isEmpty()
            ? "it is " + found.state().word()
            : String.join("; ", found.details());
    String mend =
        switch (found.state()) {
          case TAKEN -> "Declare it under another name.";
          case DIFFERENT -> "Give --replace to put the declared one in its place.";
          case BUILDING -> "Run it again when that build has ended.";
          default -> "Look at it with `tideline indexes`.";
        };
    return new TidelineException(
        building ? ErrorCode.DATABASE_BUSY : ErrorCode.INDEX_REFUSED,
        "Cannot " + verb + " " + found.place() + ": " + why + ".",
        "Nothing was changed.",
        mend);
  }
}
