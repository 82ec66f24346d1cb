package io.tideline.store;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** Names in SQL. */
final class Identifier {
  private Identifier() {}

  /** A column, quoted. */
  static String quote(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("Not a name: it is empty or holds a NUL");
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A table, or schema and table with a dot between, each quoted. */
  static String table(String name) {
    Objects.requireNonNull(name);
    return Arrays.stream(name.split("\\.", -1))
        .map(Identifier::quote)
        .collect(Collectors.joining("."));
  }
}
