package io.tideline.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection, lent for one piece of work and used by one thread. Values are always bound;
 * statements are kept and results closed by the session.
 */
public final class Session {
  private final Connection connection;
  private final Statements statements;

  Session(Connection connection, Statements statements) {
    this.connection = connection;
    this.statements = statements;
  }

  Connection connection() {
    return connection;
  }

  /** Every row of a query, in its order. */
  public <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... values)
      throws SQLException {
    return with(
        sql,
        statement -> {
          bind(statement, values);
          List<T> rows = new ArrayList<>();
          try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
              rows.add(reader.read(result));
            }
          }
          return rows;
        });
  }

  /** The first row of a query, or empty. */
  public <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... values)
      throws SQLException {
    return with(
        sql,
        statement -> {
          bind(statement, values);
          try (ResultSet result = statement.executeQuery()) {
            return result.next() ? Optional.of(reader.read(result)) : Optional.empty();
          }
        });
  }

  /** Executes a statement; how many rows it wrote. */
  public int update(String sql, @Nullable Object... values) throws SQLException {
    return with(
        sql,
        statement -> {
          bind(statement, values);
          return statement.executeUpdate();
        });
  }

  /**
   * Executes a statement once for each row, in few round trips.
   *
   * @return for each row how many it wrote, or {@link PreparedStatement#SUCCESS_NO_INFO}
   */
  public <T> int[] batch(String sql, Collection<? extends T> rows, Binder<T> binder)
      throws SQLException {
    return with(
        sql,
        statement -> {
          try {
            for (T row : rows) {
              binder.bind(statement, row);
              statement.addBatch();
            }
            return statement.executeBatch();
          } finally {
            statement.clearBatch();
          }
        });
  }

  private interface Use<T> {
    T of(PreparedStatement statement) throws SQLException;
  }

  private <T> T with(String sql, Use<T> use) throws SQLException {
    PreparedStatement statement = statements.take(sql);
    try {
      T result = use.of(statement);
      statements.giveBack(sql, statement);
      return result;
    } catch (Throwable e) {
      closeAfter(statement, e);
      throw e;
    }
  }

  private static void closeAfter(PreparedStatement statement, Throwable e) {
    try {
      statement.close();
    } catch (SQLException other) {
      e.addSuppressed(other);
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object[] values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}
