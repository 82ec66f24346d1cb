package io.tideline.core.restore;

import io.tideline.catalogue.NaturalType.Family;
import io.tideline.catalogue.Table;
import io.tideline.row.Kind;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;

/** Writes keys of a table as predicates that a hold can have. */
final class HeldKeys {
  /** Above as many keys the whole table is held. */
  private static final int MOST = 1_000;

  /** An expression of SQLite may be 1,000 deep, and each alternative is one deeper. */
  private static final int ALTERNATIVES = 200;

  /** True for each row: the whole table is held. */
  static final String EVERY_ROW = "1 = 1";

  private final Table table;
  private final List<String> columns;

  /**
   * @param columns the key's columns
   */
  HeldKeys(Table table, List<String> columns) {
    this.table = table;
    this.columns = columns;
  }

  /**
   * Predicates of which one is true for each row with one of the keys; one that is true for every
   * row where the keys are too many, or one cannot be written.
   */
  List<String> where(PackedRows keys) {
    if (keys.size() == 0) {
      return List.of();
    }
    if (columns.isEmpty() || keys.size() > MOST) {
      return List.of(EVERY_ROW);
    }
    List<String> where = new ArrayList<>();
    List<String> alternatives = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Row key = keys.get(i);
      if (!writable(key)) {
        return List.of(EVERY_ROW);
      }
      alternatives.add(equal(key));
      if (alternatives.size() == ALTERNATIVES || i == keys.size() - 1) {
        where.add(String.join(" OR ", alternatives));
        alternatives.clear();
      }
    }
    return where;
  }

  /** Whether literals compare with the columns: dates and times are integers to us only. */
  private boolean writable(Row key) {
    for (int i = 0; i < key.width(); i++) {
      Family family = table.column(columns.get(i)).orElseThrow().type().family();
      boolean integers = family == Family.INT32 || family == Family.INT64 || family == Family.ANY;
      boolean text = key.kind(i) == Kind.TEXT && key.text(i).indexOf('\0') < 0;
      if (!text && !(key.kind(i) == Kind.INTEGER && integers)) {
        return false;
      }
    }
    return true;
  }

  private String equal(Row key) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < key.width(); i++) {
      String value = key.display(i);
      parts.add(
          quoted(columns.get(i), '"')
              + " = "
              + (key.kind(i) == Kind.INTEGER ? value : quoted(value, '\'')));
    }
    return "(" + String.join(" AND ", parts) + ")";
  }

  private static String quoted(String text, char quote) {
    String one = String.valueOf(quote);
    return one + text.replace(one, one + one) + one;
  }
}
