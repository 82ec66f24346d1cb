package io.tideline.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Makes a value of the row on which a result stands. Columns are read by their names.
 *
 * @param <T> the value, never null
 */
@FunctionalInterface
public interface RowReader<T> {
  /** Reads the present row; does not move on. */
  T read(ResultSet row) throws SQLException;
}
