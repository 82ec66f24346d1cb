package io.tideline.sqlite;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds what a user's name means, by SQLite's rules: ASCII case does not count. */
final class Names {
  private static final int LISTED = 12;

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
        all.isEmpty() ? "The database has no tables." : suggestion("tables", name, all));
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
                    suggestion("columns", name, all)));
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

  private static String unquoted(String name) {
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

  private static String suggestion(String things, String name, List<String> all) {
    String wanted = fold(name);
    int near = Math.max(1, wanted.length() / 3);
    List<String> nearest =
        all.stream()
            .filter(candidate -> distance(wanted, fold(candidate)) <= near)
            .sorted(Comparator.comparingInt(candidate -> distance(wanted, fold(candidate))))
            .limit(3)
            .toList();
    if (!nearest.isEmpty()) {
      return "Did you mean " + String.join(" or ", nearest) + "?";
    }
    String rest = all.size() > LISTED ? " and " + (all.size() - LISTED) + " more" : "";
    return "The "
        + things
        + " are: "
        + String.join(", ", all.stream().limit(LISTED).toList())
        + rest
        + ".";
  }

  /** The least number of characters to insert, delete or replace. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
