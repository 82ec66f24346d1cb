package io.tideline.store;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement and its values. */
record Query(String sql, List<? extends @Nullable Object> values) {
  <T> List<T> rows(Session session, RowReader<T> reader) throws SQLException {
    return session.query(sql, reader, values.toArray());
  }

  List<String> plan(Session session, Product product) throws SQLException {
    return product.plan(session, sql, values.toArray());
  }
}
