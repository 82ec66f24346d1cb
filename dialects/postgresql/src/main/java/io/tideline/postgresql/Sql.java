package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The spelling of names and strings in SQL text. */
final class Sql {
  private Sql() {}

  /** An identifier, quoted so that it stands for exactly itself. */
  static String quote(String identifier) {
    if (identifier.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("Cannot quote a name with a NUL character");
    }
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A table with its schema. */
  static String quote(TableName table) {
    return quote(table.schema()) + "." + quote(table.name());
  }

  /** A column of a table that stands in FROM under {@code alias}. */
  static String column(String alias, String column) {
    return quote(alias) + "." + quote(column);
  }

  /**
   * A string constant; sessions of ours have {@code standard_conforming_strings = on}, so that a
   * backslash is a backslash.
   */
  static String string(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("Cannot write a text with a NUL character");
    }
    return "'" + text.replace("'", "''") + "'";
  }

  /**
   * A string constant of characters that stand for one byte each, in ASCII: the driver sends SQL as
   * UTF-8, which a server without an encoding would keep.
   */
  static String escaped(String bytes) {
    StringBuilder constant = new StringBuilder(bytes.length() + 16).append("E'");
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (c == 0 || c > 255) {
        throw new IllegalArgumentException("Cannot write a character that is no byte");
      }
      if (c > 127) {
        constant.append("\\x").append(Integer.toHexString(c));
      } else if (c == '\'' || c == '\\') {
        constant.append(c).append(c);
      } else {
        constant.append(c);
      }
    }
    return constant.append('\'').toString();
  }

  /** Each part written by {@code write}, separated by a comma. */
  static <T> String list(List<T> parts, Function<T, String> write) {
    return parts.stream().map(write).collect(Collectors.joining(", "));
  }
}
