package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.RefusedException;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Tells the server's errors in our words.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">error codes</a>
 */
final class Failures {
  /** Deadlock, serialization failure, lock not available, statement timeout or cancel. */
  private static final Set<String> PASSING = Set.of("40P01", "40001", "55P03", "57014");

  private static final String NOTHING = "Nothing was changed.";

  private Failures() {}

  /** What was tried, for the message. */
  record Attempt(String what, @Nullable TableName table, String rights, String role) {}

  /** A failure of reading, or of a statement that changes nothing if it fails. */
  static RuntimeException reading(SQLException e, Attempt attempt) {
    String state = state(e);
    if (PASSING.contains(state)) {
      return busy(e, attempt);
    }
    return common(e, attempt, "Nothing was changed by it.");
  }

  /** A failure of a change inside a write transaction. */
  static RuntimeException writing(SQLException e, Attempt attempt) {
    String state = state(e);
    if (PASSING.contains(state)) {
      String locked = state.equals("55P03") ? "locked by another session: " : "";
      return new RefusedException(locked + words(e), true, e);
    }
    if (state.startsWith("23") || state.startsWith("P0") || state.startsWith("27")) {
      return new RefusedException(words(e), false, e);
    }
    RuntimeException failure = common(e, attempt, "The transaction was rolled back.");
    return failure instanceof TidelineException known && known.code() == ErrorCode.SQL_FAILED
        ? new RefusedException(words(e), false, e)
        : failure;
  }

  /** A failure of COMMIT itself. */
  static RuntimeException committing(SQLException e, Attempt attempt) {
    return lost(e)
        ? new TidelineException(
            ErrorCode.COMMIT_UNKNOWN,
            attempt.what() + ": the connection was lost while it was committed.",
            "Whether it was is not known; archived rows are safe.",
            "Run the same command again: it looks at the database to find out.",
            e)
        : writing(e, attempt);
  }

  /** A lock that was not had in time, or a statement that took too long. */
  static TidelineException busy(SQLException e, Attempt attempt) {
    return new TidelineException(
        ErrorCode.DATABASE_BUSY,
        attempt.what() + ": " + words(e) + ".",
        NOTHING,
        "Another session holds a lock, or the server is slow: look at pg_stat_activity and try"
            + " again.",
        e);
  }

  private static RuntimeException common(SQLException e, Attempt attempt, String data) {
    String state = state(e);
    if (lost(e)) {
      return failure(ErrorCode.CONNECTION_LOST, e, attempt, data, "Run the same command again.");
    }
    if (state.equals("42501")) {
      return failure(ErrorCode.RIGHTS_MISSING, e, attempt, data, grant(attempt));
    }
    if (state.startsWith("53")) {
      boolean full = state.equals("53100");
      ErrorCode code = full ? ErrorCode.DISK_FULL : ErrorCode.DATABASE_BUSY;
      return failure(
          code, e, attempt, data, full ? "Free disk space on the server." : "Try again later.");
    }
    if (state.startsWith("XX") && !state.equals("XX000")) {
      return failure(
          ErrorCode.DATABASE_CORRUPT,
          e,
          attempt,
          data,
          "Check the server's disks and restore the database from a backup.");
    }
    if (state.equals("25006")) {
      return failure(
          ErrorCode.DATABASE_READ_ONLY, e, attempt, data, "Connect to the primary server.");
    }
    return failure(
        ErrorCode.SQL_FAILED, e, attempt, data, "Correct the predicate, expression or schema.");
  }

  private static TidelineException failure(
      ErrorCode code, SQLException e, Attempt attempt, String data, String mend) {
    return new TidelineException(code, attempt.what() + ": " + words(e) + ".", data, mend, e);
  }

  private static String grant(Attempt attempt) {
    TableName table = attempt.table();
    return table == null
        ? "Grant the role " + attempt.role() + " the right that is missing."
        : Grants.advice(Grants.table(attempt.rights(), table, attempt.role()));
  }

  /** Whether the connection is gone. */
  static boolean lost(SQLException e) {
    String state = state(e);
    // 57P01 to 57P03 and 57P05: shut down, crashed, starting up, idle too long; 25P03 idle inside.
    return state.startsWith("08")
        || state.startsWith("57P")
        || state.equals("25P03")
        || e.getCause() instanceof java.io.IOException;
  }

  /** The SQLSTATE; empty if there is none. */
  static String state(SQLException e) {
    String state = e.getSQLState();
    return state == null ? "" : state;
  }

  /** The server's own words without detail, context or the values that input errors quote. */
  static String words(SQLException e) {
    String text = String.valueOf(e.getMessage());
    if (e instanceof PSQLException server) {
      ServerErrorMessage message = server.getServerErrorMessage();
      text = message == null ? text : String.valueOf(message.getMessage());
    }
    text = text.replace('\n', ' ').strip();
    int quoted = state(e).startsWith("22") ? text.indexOf(": \"") : -1;
    text = quoted < 0 ? text : text.substring(0, quoted);
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
