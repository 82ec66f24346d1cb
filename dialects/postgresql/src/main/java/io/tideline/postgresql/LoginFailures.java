package io.tideline.postgresql;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.SQLException;

/** Tells why no session was had. */
final class LoginFailures {
  private static final String NOTHING = "Nothing was changed.";

  private LoginFailures() {}

  /** The failure of a connection attempt. */
  static TidelineException of(SQLException e, ConnectionUrl url) {
    String state = Failures.state(e);
    if (state.equals("3D000")) {
      return failure(
          ErrorCode.DATABASE_MISSING,
          "Cannot open " + url.place() + ": the server has no database of that name.",
          "Correct the name; Tideline never creates a database.",
          e);
    }
    if (state.startsWith("28") || state.equals("42501") || noPassword(e)) {
      return failure(
          ErrorCode.DATABASE_REFUSED_LOGIN,
          "Cannot log in to " + url.place() + ": " + Failures.words(e) + ".",
          "Give the right user and password: in the URL as ${ENV} or ${file:…}, in PGPASSWORD or"
              + " in ~/.pgpass; or let the server's pg_hba.conf admit the role.",
          e);
    }
    if (state.equals("53300") || state.startsWith("57P")) {
      return failure(
          ErrorCode.DATABASE_BUSY,
          "Cannot connect to " + url.place() + ": " + Failures.words(e) + ".",
          "Try again when the server has a free connection.",
          e);
    }
    if (state.startsWith("08") || state.isEmpty() || state.equals("99999")) {
      return failure(
          ErrorCode.DATABASE_UNREACHABLE,
          "Cannot reach " + url.place() + ": " + Failures.words(e) + ".",
          "Check host, port and TLS settings, and that the server runs and listens there.",
          e);
    }
    return failure(
        ErrorCode.SQL_FAILED,
        "Cannot set up a session with " + url.place() + ": " + Failures.words(e) + ".",
        "Tideline needs PostgreSQL 14 or later, without a pooler that refuses SET.",
        e);
  }

  /** The driver says so itself, under the state of a refused connection. */
  private static boolean noPassword(SQLException e) {
    return String.valueOf(e.getMessage()).contains("no password was provided");
  }

  private static TidelineException failure(
      ErrorCode code, String what, String mend, SQLException e) {
    return new TidelineException(code, what, NOTHING, mend, e);
  }
}
