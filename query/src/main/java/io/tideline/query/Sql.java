package io.tideline.query;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names and texts as DuckDB's SQL spells them. */
final class Sql {
  private Sql() {}

  /** An identifier. */
  static String quote(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** A text. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A list of expressions. */
  static String list(Collection<String> items) {
    return items.stream().collect(Collectors.joining(", ", "[", "]"));
  }
}
