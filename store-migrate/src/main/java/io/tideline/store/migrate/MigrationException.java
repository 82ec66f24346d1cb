package io.tideline.store.migrate;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A migration could not go on. The message says what failed, in what state the data is, and how to
 * mend it; it holds no values of rows.
 */
public final class MigrationException extends RuntimeException {
  /** Why; each has a row in the documentation. */
  public enum Reason {
    /** There is no such database, or not one of SQLite. Nothing was changed. */
    CANNOT_OPEN,
    /** Something in the store cannot be carried over. The old tables are what is used. */
    REFUSED,
    /** Somebody changed a table, index or trigger that the migration works on. */
    CHANGED,
    /** Old and new tables do not become equal. The tables in use are left as they are. */
    DIFFERENT,
    /** Others hold the lock for longer than was allowed. What was committed is kept. */
    BUSY,
    /** The thread was interrupted. What was committed is kept. */
    INTERRUPTED,
    /** The database refused. What was begun is rolled back, what was committed is kept. */
    FAILED
  }

  private final Reason reason;

  MigrationException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason);
  }

  /** Why, for programs. */
  public Reason reason() {
    return reason;
  }
}
