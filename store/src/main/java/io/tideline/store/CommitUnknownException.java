package io.tideline.store;

import java.sql.SQLException;

/** A COMMIT whose answer was lost. */
final class CommitUnknownException extends SQLException {
  CommitUnknownException(SQLException cause) {
    super(cause);
  }
}
