package io.tideline.testkit.chaos.audit;

import static io.tideline.testkit.TestDatabase.quote;

import io.tideline.testkit.Product;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Rows of a database, read by plain JDBC, as exact text. */
public final class LiveRows {
  private final Product product;

  /** A reader of one product's rows. */
  public LiveRows(Product product) {
    this.product = product;
  }

  /** A row with a key, as the connection sees it. */
  public Optional<String> one(Connection connection, Table table, Object key) throws SQLException {
    String sql = select(table, table.name()) + " WHERE " + quote(table.key()) + " = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, key);
      try (ResultSet result = statement.executeQuery()) {
        return result.next()
            ? Optional.of(String.join("|", values(result, table)))
            : Optional.empty();
      }
    }
  }

  /**
   * Every row of a table by its key, several where a table without a key has them.
   *
   * @param name the table, or the one that its moved rows lie in
   */
  public Map<String, List<String>> all(Connection connection, Table table, String name)
      throws SQLException {
    Map<String, List<String>> rows = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(select(table, name));
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        List<String> values = values(result, table);
        rows.computeIfAbsent(values.get(0), key -> new ArrayList<>()).add(String.join("|", values));
      }
    }
    return rows;
  }

  /** How a key looks in {@link #all}. */
  public static String keyText(Object key) {
    return key instanceof Number number ? Exact.integer(number.longValue()) : Exact.text("" + key);
  }

  private String select(Table table, String name) {
    return table.columns().stream()
        .map(this::expression)
        .collect(Collectors.joining(", ", "SELECT ", " FROM " + quote(name)));
  }

  private String expression(Column column) {
    String name = quote(column.name());
    if (product == Product.SQLITE) {
      // Text as its bytes: they need not be UTF-8, and may hold NUL.
      return String.format(
          Locale.ROOT,
          "typeof(%1$s), CASE typeof(%1$s) WHEN 'text' THEN CAST(%1$s AS BLOB) ELSE %1$s END",
          name);
    }
    return switch (column.kind()) {
      case INTEGER, BLOB -> name;
      case REAL -> "float8send(" + name + ")";
      case TEXT -> name + "::text";
      case INSTANT -> "(extract(epoch FROM " + name + ") * 1000000)::bigint";
    };
  }

  private List<String> values(ResultSet result, Table table) throws SQLException {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      values.add(
          product == Product.SQLITE
              ? sqlite(result, 2 * i + 1)
              : postgres(result, i + 1, table.columns().get(i).kind()));
    }
    return values;
  }

  private static String sqlite(ResultSet result, int at) throws SQLException {
    return switch (result.getString(at)) {
      case "integer" -> Exact.integer(result.getLong(at + 1));
      case "real" -> Exact.real(result.getDouble(at + 1));
      case "text" -> Exact.text(bytes(result, at + 1));
      case "blob" -> Exact.blob(bytes(result, at + 1));
      default -> Exact.NULL;
    };
  }

  /** The driver gives null for a value of no bytes. */
  private static byte[] bytes(ResultSet result, int at) throws SQLException {
    byte[] bytes = result.getBytes(at);
    return bytes == null ? new byte[0] : bytes;
  }

  private static String postgres(ResultSet result, int at, Column.Kind kind) throws SQLException {
    if (result.getObject(at) == null) {
      return Exact.NULL;
    }
    return switch (kind) {
      case INTEGER, INSTANT -> Exact.integer(result.getLong(at));
      case REAL -> "real:" + Exact.blob(result.getBytes(at)).substring("blob:".length());
      case TEXT -> Exact.text(result.getString(at));
      case BLOB -> Exact.blob(result.getBytes(at));
    };
  }
}
