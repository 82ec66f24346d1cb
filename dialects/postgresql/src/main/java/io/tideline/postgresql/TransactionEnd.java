package io.tideline.postgresql;

import java.sql.SQLException;

/** Ends what may still be open. */
final class TransactionEnd {
  private TransactionEnd() {}

  /** Rolls back if a transaction is open; a lost connection has done so already. */
  static void rollBack(Session session) {
    try {
      if (!session.closed() && !session.connection().getAutoCommit()) {
        session.connection().rollback();
        session.connection().setAutoCommit(true);
        session.transactionEnded();
      }
    } catch (SQLException e) {
      // The server rolls back with the session. It is of no use any more.
      session.close();
    }
  }
}
