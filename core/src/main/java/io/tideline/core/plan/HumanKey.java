package io.tideline.core.plan;

import io.tideline.catalogue.Index;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The key by which a person names a row, and the predicate that finds it. */
public final class HumanKey {
  private static final int KEYS_PER_PREDICATE = 200;

  private HumanKey() {}

  /** The key's columns: the primary key or, where that is hidden, the first unique index. */
  public static List<String> columns(Table table) {
    List<String> key = table.key().orElseThrow().columns();
    if (!table.key().orElseThrow().hidden()) {
      return key;
    }
    return table.indexes().stream()
        .filter(index -> index.unique() && !index.partial() && !index.columns().contains(""))
        .map(Index::columns)
        .findFirst()
        .orElse(key);
  }

  /**
   * The table with its rows named by a declared key, where its own key is hidden and there is one:
   * that key finds a row whose hidden key changed. Rows with a NULL in it are not found.
   */
  public static Optional<Table> alias(Table table) {
    List<String> columns = columns(table);
    Key key = table.key().orElseThrow();
    return key.hidden() && !columns.equals(key.columns())
        ? Optional.of(table.withKey(new Key(columns, Key.Kind.UNIQUE)))
        : Optional.empty();
  }

  /** The predicates that together are true for the rows of these keys, each for some of them. */
  public static List<Predicate> predicates(Table table, List<String> keys) {
    List<Predicate> predicates = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += KEYS_PER_PREDICATE) {
      predicates.add(
          new Predicate(
              keys.subList(from, Math.min(keys.size(), from + KEYS_PER_PREDICATE)).stream()
                  .map(key -> predicate(table, key))
                  .collect(Collectors.joining(" OR "))));
    }
    return predicates;
  }

  private static String predicate(Table table, String key) {
    List<String> columns = columns(table);
    String[] values = columns.size() == 1 ? new String[] {key} : key.split(",", -1);
    if (values.length != columns.size()) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot read the key '" + key + "' of table " + table.name() + ".",
          "Nothing was changed.",
          "Give "
              + columns.size()
              + " values ("
              + String.join(", ", columns)
              + "), separated by commas.");
    }
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      parts.add(quote(columns.get(i)) + " = '" + values[i].replace("'", "''") + "'");
    }
    return "(" + String.join(" AND ", parts) + ")";
  }

  private static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
