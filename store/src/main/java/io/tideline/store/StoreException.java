package io.tideline.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something could not be done. The message says what failed, in what state the data is, and how to
 * mend it; it holds no values of rows.
 */
public final class StoreException extends RuntimeException {
  /** Why; each has a row in the documentation. */
  public enum Reason {
    /** The database cannot be opened. Nothing was changed. */
    CANNOT_OPEN,
    /** A table is not what this library works on. Nothing was changed. */
    REFUSED,
    /** No index serves the read. Nothing was changed. */
    NO_INDEX,
    /** The store has the old layout. Nothing was changed. */
    OLD_SHAPE,
    /** Others hold the lock, the connections or the room for longer than was allowed. */
    BUSY,
    /** The row itself is refused by the database. It was rolled back. */
    BAD_ROW,
    /** The database refused. What was begun is rolled back. */
    FAILED,
    /** The answer to a COMMIT was lost: it is written whole, or not at all. */
    OUTCOME_UNKNOWN,
    /** It was closed before. */
    CLOSED
  }

  private final Reason reason;

  StoreException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason);
  }

  /** Why, for programs. */
  public Reason reason() {
    return reason;
  }
}
