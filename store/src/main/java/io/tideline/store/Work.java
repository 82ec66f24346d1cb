package io.tideline.store;

import java.sql.SQLException;

/**
 * What is done with a session. A {@link Database#write} may run it again after it was rolled back:
 * it should do nothing but work on the session.
 *
 * @param <T> what it gives back
 */
@FunctionalInterface
public interface Work<T> {
  /** Does the work. */
  T on(Session session) throws SQLException;
}
