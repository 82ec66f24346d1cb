package io.tideline.store;

import java.sql.SQLException;
import java.util.Locale;

/** The words for what databases refuse. */
final class Failures {
  private Failures() {}

  static StoreException of(
      String name, boolean write, Trouble trouble, int attempts, SQLException cause) {
    String what = "Cannot " + (write ? "write to " : "read ") + name + ": ";
    String state = write ? " Rolled back, nothing was written." : "";
    return switch (trouble) {
      case BUSY ->
          new StoreException(
              StoreException.Reason.BUSY,
              String.format(
                  Locale.ROOT,
                  "%sothers held its lock or its connections through %d attempts.%s Try again, or"
                      + " raise the busy timeout; the cause says which lock it was.",
                  what,
                  attempts,
                  state),
              cause);
      case LOST ->
          new StoreException(
              StoreException.Reason.FAILED,
              what + "the connection was lost." + state + " Try again when the server answers.",
              cause);
      case ROW ->
          new StoreException(
              StoreException.Reason.BAD_ROW,
              what
                  + "the database refuses a row."
                  + state
                  + " The cause says which rule it breaks.",
              cause);
      case OTHER ->
          new StoreException(
              StoreException.Reason.FAILED,
              what + "the database refused." + state + " The cause says why.",
              cause);
    };
  }

  static StoreException unknown(String name, SQLException cause) {
    return new StoreException(
        StoreException.Reason.OUTCOME_UNKNOWN,
        "Cannot tell whether "
            + name
            + " has written: the answer to COMMIT was lost. It is written whole, or not at all."
            + " Look before you write again, or write by keys so that again does no harm.",
        cause);
  }

  static StoreException busy(String what) {
    return new StoreException(StoreException.Reason.BUSY, what, null);
  }
}
