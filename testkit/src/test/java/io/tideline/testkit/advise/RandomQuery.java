package io.tideline.testkit.advise;

import io.tideline.tuning.QuerySpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A query of one table: some equalities, perhaps a range, perhaps an order with a limit. */
final class RandomQuery {
  /** How many different values each column has. */
  static final Map<String, Integer> COLUMNS =
      Map.of("c0", 40, "c1", 300, "c2", 2_000, "c3", 20_000, "c4", 700, "c5", 9_000);

  private RandomQuery() {}

  static QuerySpec of(String name, String table, Random random) {
    List<String> columns = new ArrayList<>(COLUMNS.keySet().stream().sorted().toList());
    Collections.shuffle(columns, random);
    List<String> terms = new ArrayList<>();
    Map<String, Object> values = new LinkedHashMap<>();
    int equalities = random.nextInt(3);
    int at = 0;
    while (at < equalities) {
      String column = columns.get(at++);
      terms.add(random.nextBoolean() ? column + " = :" + column : ":" + column + " = " + column);
      values.put(column, random.nextInt(COLUMNS.get(column)));
    }
    boolean ordered = random.nextBoolean();
    if (equalities == 0 || !ordered) {
      String column = columns.get(at++);
      terms.add(column + " >= :low AND " + column + " < :high");
      int low = random.nextInt(COLUMNS.get(column));
      values.put("low", low);
      values.put("high", low + Math.max(1, COLUMNS.get(column) / 200));
    }
    String order =
        ordered && equalities > 0
            ? " ORDER BY " + columns.get(at) + (random.nextBoolean() ? " DESC" : "") + " LIMIT 5"
            : "";
    return Asking.query(
        name, "SELECT * FROM " + table + " WHERE " + String.join(" AND ", terms) + order, values);
  }
}
