package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.RefusedException;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Short transactions of a move, tried again while others are in the way. */
final class MoveWork {
  private static final int TRIES = 12;
  private static final String LOCKED = "55P03";
  private static final long FIRST_PAUSE = 20;
  private static final long LONGEST_PAUSE = 1_000;
  private static final Set<String> PASSING = Set.of(LOCKED, "40P01", "40001", "57014");

  /** Whoever waits for the lock of a whole table holds up everybody who comes later. */
  static final String SHORT =
      "SET LOCAL lock_timeout = '150ms'; SET LOCAL statement_timeout = '5s'";

  /** What locks nothing that others want. */
  static final String LONG = "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = 0";

  /** Something done in a transaction. */
  interface Work<T> {
    T run() throws SQLException;
  }

  private final Session session;
  private final MoveNames names;

  MoveWork(Session session, MoveNames names) {
    this.session = session;
    this.names = names;
  }

  /** Runs it in one transaction, once; a failure of the server's is told as it is. */
  <T> T once(String limits, Work<T> work) throws SQLException {
    try {
      session.connection().setAutoCommit(false);
      session.execute(limits);
      T result = work.run();
      commit();
      session.connection().setAutoCommit(true);
      return result;
    } catch (SQLException | RuntimeException e) {
      TransactionEnd.rollBack(session);
      throw e;
    }
  }

  /** Whether it came through is not known if the answer is lost: the memory tells the next call. */
  private void commit() {
    try {
      session.connection().commit();
    } catch (SQLException e) {
      throw Failures.committing(
          e, session.attempt("Cannot go on with the move of " + names.table(), names.table(), ""));
    }
  }

  /** Runs it in one transaction; again, after a pause, while others hold a lock. */
  <T> T patiently(String what, String limits, Work<T> work) {
    long pause = FIRST_PAUSE;
    for (int left = TRIES; ; left--) {
      try {
        return once(limits, work);
      } catch (SQLException e) {
        if (!PASSING.contains(Failures.state(e)) || left == 1) {
          throw told(what, e);
        }
      } catch (RefusedException e) {
        if (!e.passing() || left == 1) {
          throw e;
        }
      }
      rest(pause);
      pause = Math.min(LONGEST_PAUSE, pause * 2);
    }
  }

  RuntimeException told(String what, SQLException e) {
    RuntimeException failure =
        Failures.writing(
            e, session.attempt("Cannot " + what + " of " + names.table(), names.table(), "SELECT"));
    if (!Failures.state(e).equals(LOCKED)) {
      return failure;
    }
    String holders = LockHolders.of(session, names.tables(), e);
    return holders.isEmpty()
        ? failure
        : new RefusedException(failure.getMessage() + "; locks are held by " + holders, true, e);
  }

  static void rest(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Going on would not be safe. */
  static TidelineException refused(TableName table, List<String> why, String mend) {
    return new TidelineException(
        ErrorCode.MOVE_REFUSED,
        "Cannot go on with the move of " + table + ": " + String.join("; ", why) + ".",
        "Nothing was changed by it.",
        mend);
  }

  /** The oid of a table by its name; 0 if there is none. */
  static long oid(Session session, TableName name) throws SQLException {
    String oid =
        session.text(
            "SELECT pg_catalog.to_regclass("
                + Sql.string(Sql.quote(name))
                + ")::pg_catalog.oid::pg_catalog.int8");
    return oid.isEmpty() ? 0 : Long.parseLong(oid);
  }
}
