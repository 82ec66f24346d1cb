package io.tideline.query;

import io.tideline.archive.QueryEngine;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passes DuckDB's answer on, in the values that {@link QueryEngine.Result} names. */
final class Answer {
  private Answer() {}

  static void pass(ResultSet rows, QueryEngine.Result result) throws SQLException {
    ResultSetMetaData about = rows.getMetaData();
    int width = about.getColumnCount();
    List<String> names = new ArrayList<>();
    List<String> types = new ArrayList<>();
    for (int i = 1; i <= width; i++) {
      names.add(about.getColumnLabel(i));
      types.add(about.getColumnTypeName(i));
    }
    result.columns(names, types);
    boolean wanted = true;
    while (wanted && rows.next()) {
      @Nullable Object[] values = new @Nullable Object[width];
      for (int i = 0; i < width; i++) {
        values[i] = value(rows, i + 1);
      }
      wanted = result.row(values);
    }
  }

  private static @Nullable Object value(ResultSet rows, int i) throws SQLException {
    Object value = rows.getObject(i);
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Timestamp) {
      return rows.getObject(i, LocalDateTime.class);
    }
    if (value instanceof Blob blob) {
      return blob.getBytes(1, Math.toIntExact(blob.length()));
    }
    boolean asItIs =
        value == null
            || value instanceof Long
            || value instanceof BigInteger
            || value instanceof Double
            || value instanceof Float
            || value instanceof BigDecimal
            || value instanceof Boolean
            || value instanceof Temporal;
    return asItIs ? value : String.valueOf(value);
  }
}
