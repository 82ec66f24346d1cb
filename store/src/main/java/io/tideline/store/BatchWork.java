package io.tideline.store;

import java.sql.SQLException;
import java.util.List;

/**
 * Writes rows. {@link BatchInsert} is the usual one.
 *
 * @param <T> a row
 */
@FunctionalInterface
public interface BatchWork<T> {
  /** Writes the rows on the session; the transaction is the caller's. */
  void write(Session session, List<T> rows) throws SQLException;
}
