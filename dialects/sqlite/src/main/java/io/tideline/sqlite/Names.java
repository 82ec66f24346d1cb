package io.tideline.sqlite;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.error.ErrorCode;
import io.tideline.error.Nearest;
import io.tideline.error.TidelineException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds what a user's name means, by SQLite's rules: ASCII case does not count. */
final class Names {

  private Names() {}

  /** The name in the case by which SQLite compares names: only ASCII letters are folded. */
  static String fold(String name) {
    StringBuilder folded = new StringBuilder(name);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        folded.setCharAt(i, (char) (c + 'a' - 'A'));
      }
    }
    return folded.toString();
  }

  /** The table, with or without its schema, in quotes or not. */
  static Table table(Catalogue catalogue, String name) {
    List<String> spellings =
        Stream.of(name, unquoted(name), unquoted(withoutSchema(name))).distinct().toList();
    for (String spelling : spellings) {
      Optional<Table> found = find(catalogue.tables(), t -> t.name().name(), spelling);
      if (found.isPresent()) {
        return found.get();
      }
    }
    List<String> all = catalogue.tables().stream().map(Table::name).map(TableName::name).toList();
    throw new TidelineException(
        ErrorCode.TABLE_UNKNOWN,
        "Cannot find the table " + name + ".",
        "Nothing was changed.",
        all.isEmpty() ? "The database has no tables." : Nearest.sentence("tables", name, all));
  }

  /** The catalogue's spelling of a column, the hidden key included. */
  static String column(Table table, String name) {
    List<String> all =
        Stream.concat(
                table.columns().stream().map(Column::name),
                table.key().filter(Key::hidden).stream().flatMap(k -> k.columns().stream()))
            .toList();
    return find(all, Function.identity(), name)
        .or(() -> find(all, Function.identity(), unquoted(name)))
        .orElseThrow(
            () ->
                new TidelineException(
                    ErrorCode.COLUMN_UNKNOWN,
                    "Cannot find the column " + name + " in the table " + table.name() + ".",
                    "Nothing was changed.",
                    Nearest.sentence("columns", name, all)));
  }

  private static <T> Optional<T> find(List<T> all, Function<T, String> name, String wanted) {
    return all.stream()
        .filter(t -> name.apply(t).equals(wanted))
        .findFirst()
        .or(() -> all.stream().filter(t -> fold(name.apply(t)).equals(fold(wanted))).findFirst());
  }

  private static String withoutSchema(String name) {
    for (String schema : List.of("main.", "\"main\".", "`main`.", "[main].")) {
      if (name.regionMatches(true, 0, schema, 0, schema.length())) {
        return name.substring(schema.length());
      }
    }
    return name;
  }

  static String unquoted(String name) {
    int last = name.length() - 1;
    if (last >= 1) {
      char open = name.charAt(0);
      char close = name.charAt(last);
      if ((open == '"' || open == '`') && close == open) {
        return name.substring(1, last).replace("" + open + open, "" + open);
      }
      if (open == '[' && close == ']') {
        return name.substring(1, last);
      }
    }
    return name;
  }
}
