package io.tideline.sqlite;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.row.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement in the making: its text, and the values bound to it in order. */
final class Sql {
  private final Encoding encoding;
  private final StringBuilder text = new StringBuilder(256);
  private final List<@Nullable Object> values = new ArrayList<>();
  private int width = 1;

  Sql(Encoding encoding) {
    this.encoding = encoding;
  }

  /** A name in double quotes, each of its own doubled. */
  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A table's name with its schema, so that no temporary table can stand before it. */
  static String quote(TableName table) {
    return quote(table.schema()) + '.' + quote(table.name());
  }

  /**
   * A column with its table's name before it. A bare quoted name that no column has would become a
   * text: https://sqlite.org/quirks.html#dblquote
   */
  static String column(Table table, String column) {
    return quote(table.name().name()) + '.' + quote(column);
  }

  Encoding encoding() {
    return encoding;
  }

  /** Appends text. */
  Sql add(String part) {
    text.append(part);
    return this;
  }

  /** Appends all of another statement. */
  Sql add(Sql other) {
    text.append(other.text);
    values.addAll(other.values);
    return this;
  }

  /** Appends an integer to be bound. */
  Sql value(long integer) {
    text.append('?');
    values.add(integer);
    return this;
  }

  /** Appends text to be bound. */
  Sql value(String bound) {
    text.append('?');
    values.add(bound);
    return this;
  }

  /**
   * Appends value {@code i} of a row to be bound. The unary plus takes the affinity of the CAST
   * away: a bound value has none, so comparisons treat both alike.
   */
  Sql value(Row row, int i) {
    switch (row.kind(i)) {
      case NULL -> bind(null);
      case INTEGER -> bind(row.integer(i));
      case REAL -> bind(row.real(i));
      case BLOB -> bind(row.bytes(i));
      case TEXT -> {
        byte[] utf8 = row.bytes(i);
        if (Encoding.plain(utf8)) {
          bind(new String(utf8, StandardCharsets.UTF_8));
        } else {
          text.append("+CAST(? AS TEXT)");
          values.add(encoding.fromUtf8(utf8));
        }
      }
    }
    return this;
  }

  /**
   * Appends the values that a query returns. A UTF-16 database returns each as a flag whether it is
   * text, and the value, text as a blob of its bytes.
   */
  Sql results(List<Sql> expressions) {
    width = expressions.size();
    if (width == 0) {
      return add("1");
    }
    String comma = "";
    for (Sql expression : expressions) {
      add(comma);
      if (encoding == Encoding.UTF8) {
        add(expression);
      } else {
        add("typeof(").add(expression).add(")='text', CASE typeof(").add(expression);
        add(") WHEN 'text' THEN CAST(").add(expression).add(" AS BLOB) ELSE ");
        add(expression).add(" END");
      }
      comma = ", ";
    }
    return this;
  }

  /** The number of values that {@link #results} made the query return. */
  int width() {
    return width;
  }

  private void bind(@Nullable Object value) {
    text.append('?');
    values.add(value);
  }

  String text() {
    return text.toString();
  }

  List<@Nullable Object> values() {
    return values;
  }
}
