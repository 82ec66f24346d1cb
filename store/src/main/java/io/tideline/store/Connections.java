package io.tideline.store;

import java.sql.SQLException;

/** Where sessions come from. */
interface Connections extends AutoCloseable {
  /** Works on a session that does not write; each statement sees what is committed by then. */
  <T> T read(Work<T> work) throws SQLException;

  /**
   * Works in one transaction. Whatever fails before its COMMIT is rolled back.
   *
   * @throws CommitUnknownException if its COMMIT failed and may stand
   */
  <T> T write(Work<T> work) throws SQLException;

  @Override
  void close();
}
