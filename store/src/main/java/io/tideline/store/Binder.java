package io.tideline.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Sets every parameter of a statement from one row.
 *
 * @param <T> the row
 */
@FunctionalInterface
public interface Binder<T> {
  /** Sets the parameters; does not execute. */
  void bind(PreparedStatement statement, T row) throws SQLException;
}
