package io.tideline.sqlite;

import io.tideline.dialect.RefusedException;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Tells SQLite's failures in Tideline's words.
 *
 * @see <a href="https://sqlite.org/rescode.html">Result and error codes</a>
 */
final class Failures {
  private static final String NOTHING_CHANGED = "Nothing was changed.";
  private static final String ROLLED_BACK = "The transaction is rolled back.";

  private Failures() {}

  /**
   * The failure of a statement that only reads.
   *
   * @param what what failed, beginning with "Cannot", without a full stop
   */
  static TidelineException reading(String what, SQLException cause) {
    return translate(what, NOTHING_CHANGED, cause);
  }

  /** The failure of a statement that writes: a refusal where the database itself objects. */
  static RuntimeException writing(String what, SQLException cause) {
    return switch (primary(cause)) {
      case SQLITE_CONSTRAINT, SQLITE_ERROR, SQLITE_MISMATCH ->
          new RefusedException(message(cause), false, cause);
      default -> translate(what, ROLLED_BACK, cause);
    };
  }

  /** The failure of a COMMIT. */
  static RuntimeException committing(String what, SQLException cause) {
    return switch (primary(cause)) {
      case SQLITE_CONSTRAINT -> new RefusedException(message(cause), false, cause);
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_READONLY ->
          translate(what, ROLLED_BACK, cause);
      default ->
          new TidelineException(
              ErrorCode.COMMIT_UNKNOWN,
              what + ": " + message(cause) + ".",
              "It is not known whether the last batch was committed; nothing is cleaned up.",
              "Look at the disk, then run the same command again: it finds out by itself.",
              cause);
    };
  }

  /** SQLite's own words, without the driver's. */
  static String message(SQLException cause) {
    String text = String.valueOf(cause.getMessage());
    if (cause instanceof SQLiteException sqlite) {
      String lead = sqlite.getResultCode() + " (";
      if (text.startsWith(lead) && text.endsWith(")")) {
        return text.substring(lead.length(), text.length() - 1);
      }
    }
    return text;
  }

  /** SQLite's own words without the name of the code, which the driver puts around them. */
  static String reason(SQLException cause) {
    String text = message(cause);
    int open = text.indexOf(" (");
    return open >= 0 && text.endsWith(")") ? text.substring(open + 2, text.length() - 1) : text;
  }

  /** The primary result code. */
  static SQLiteErrorCode primary(SQLException cause) {
    return SQLiteErrorCode.getErrorCode(
        cause instanceof SQLiteException sqlite
            ? sqlite.getResultCode().code & 0xFF
            : cause.getErrorCode() & 0xFF);
  }

  private static TidelineException translate(String what, String state, SQLException cause) {
    return switch (primary(cause)) {
      case SQLITE_BUSY, SQLITE_LOCKED -> busy(what, state, cause);
      case SQLITE_FULL -> diskFull(what, state, cause);
      case SQLITE_IOERR -> inputOutput(what, state, cause);
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          failure(
              ErrorCode.DATABASE_CORRUPT,
              what,
              state,
              "Check it with PRAGMA integrity_check and restore it from a backup.",
              cause);
      case SQLITE_READONLY ->
          failure(
              ErrorCode.DATABASE_READ_ONLY,
              what,
              state,
              "Give this user the right to write to the file and its folder.",
              cause);
      case SQLITE_CANTOPEN ->
          failure(
              ErrorCode.DATABASE_UNREACHABLE,
              what,
              state,
              "Check that the file and its folder exist and may be read and written.",
              cause);
      case SQLITE_PERM, SQLITE_AUTH ->
          failure(
              ErrorCode.RIGHTS_MISSING,
              what,
              state,
              "Give this user the right to read and write the file.",
              cause);
      case SQLITE_INTERRUPT ->
          failure(ErrorCode.INTERRUPTED, what, state, "Run the same command again.", cause);
      case SQLITE_SCHEMA ->
          failure(
              ErrorCode.CATALOGUE_CHANGED,
              what,
              state,
              "Run it again: the tables were changed meanwhile.",
              cause);
      default ->
          failure(
              ErrorCode.SQL_FAILED,
              what,
              state,
              "Correct the expression or the name that SQLite objects to.",
              cause);
    };
  }

  private static TidelineException busy(String what, String state, SQLException cause) {
    String lock =
        cause instanceof SQLiteException sqlite
            ? switch (sqlite.getResultCode()) {
              case SQLITE_BUSY_RECOVERY -> "another process is recovering the write-ahead log";
              case SQLITE_BUSY_SNAPSHOT -> "another connection wrote since this one read";
              case SQLITE_LOCKED_SHAREDCACHE -> "another connection of this process holds a lock";
              default -> lockInTheWay(what);
            }
            : "another process holds a lock";
    return new TidelineException(
        ErrorCode.DATABASE_BUSY,
        what + ": " + lock + " for longer than " + Session.BUSY_SECONDS + " s.",
        state,
        "Run it again when that process has finished its transaction.",
        cause);
  }

  /** A commit waits for readers, a read for the moment of another's commit, a write for a write. */
  private static String lockInTheWay(String what) {
    if (what.startsWith("Cannot commit")) {
      return "another process holds a read lock";
    }
    return what.startsWith("Cannot read") || what.startsWith("Cannot open")
        ? "another process holds the exclusive lock"
        : "another process holds the write lock";
  }

  private static TidelineException diskFull(String what, String state, SQLException cause) {
    return failure(
        ErrorCode.DISK_FULL, what, state, "Free space on the disk and run it again.", cause);
  }

  private static TidelineException inputOutput(String what, String state, SQLException cause) {
    if (cause instanceof SQLiteException sqlite
        && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_WRITE) {
      return diskFull(what, state, cause);
    }
    return failure(
        ErrorCode.CONNECTION_LOST,
        what,
        state,
        "Look at the disk that holds the database, then run it again.",
        cause);
  }

  private static TidelineException failure(
      ErrorCode code, String what, String state, String mend, SQLException cause) {
    return new TidelineException(code, what + ": " + message(cause) + ".", state, mend, cause);
  }
}
