package io.tideline.store.migrate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which rows the new tables can hold as they are. */
final class Fit {
  private static final String STRETCH = " WHERE o.rowid > ? AND o.rowid <= ?";
  static final String YEARS = "BETWEEN -62135596800 AND 253402300800";

  private static final String TIME = "typeof(o.%1$s) IN ('real', 'integer') AND o.%1$s " + YEARS;

  /** A trace of the old layout that the new one can hold. */
  static final String TRACE =
      """
      typeof(o.id) = 'text' AND o.id <> '' AND typeof(o.context_type) = 'text'
        AND typeof(o.namespace) = 'text' AND typeof(o.data) = 'text'
        AND typeof(o.metadata) IN ('text', 'null') AND\s"""
          + TIME.formatted("created_at")
          + " AND "
          + TIME.formatted("updated_at");

  static final String MAPPING = "typeof(s.session_uid) = 'text'";

  private static final Map<String, String> OF_TRACES = ofTraces();

  private static final Map<String, String> OF_MAPPINGS =
      Map.of(
          "mappings have no text in session_uid. Give them one",
          "typeof(o.session_uid) = 'text'",
          "mappings belong to no trace. Save them elsewhere and delete them",
          "EXISTS (SELECT 1 FROM traces AS t WHERE t.id = o.trace_id)");

  private static final String END =
      """
      SELECT rowid FROM (SELECT rowid FROM %s WHERE rowid > ? ORDER BY rowid LIMIT ?)
      ORDER BY rowid DESC LIMIT 1""";

  private Fit() {}

  private static Map<String, String> ofTraces() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String column : List.of("id", "context_type", "namespace", "data")) {
      all.put(
          "traces have no text in " + column + ". Give them one",
          "typeof(o." + column + ") = 'text'");
    }
    all.put("traces have an empty id. Give them one", "o.id IS NOT ''");
    all.put(
        "traces have metadata that is neither text nor NULL. Make it text",
        "typeof(o.metadata) IN ('text', 'null')");
    for (String column : List.of("created_at", "updated_at")) {
      all.put(
          "traces have a "
              + column
              + " that is not a number of seconds within the years 1 to 9999. Make it one",
          TIME.formatted(column));
    }
    return all;
  }

  /**
   * Rows that cannot be carried over, counted by why. They are read in stretches, for one long read
   * would keep writers of a store with a rollback journal waiting.
   */
  static List<String> obstacles(Store store, int rows) {
    List<String> found = new ArrayList<>(unfit(store, "traces", OF_TRACES, rows));
    found.addAll(unfit(store, "trace_sessions", OF_MAPPINGS, rows));
    return found;
  }

  private static List<String> unfit(Store store, String table, Map<String, String> fit, int rows) {
    List<String> reasons = List.copyOf(fit.keySet());
    String counts =
        "SELECT "
            + reasons.stream()
                .map(reason -> "coalesce(sum(NOT coalesce(" + fit.get(reason) + ", 0)), 0)")
                .collect(Collectors.joining(", "))
            + " FROM "
            + table
            + " AS o";
    long[] all = new long[reasons.size()];
    if (store.read(sql -> OldLayout.hasNumbers(sql, table))) {
      long after = Long.MIN_VALUE;
      Optional<Long> to = end(store, table, after, rows);
      while (to.isPresent()) {
        long from = after;
        long upTo = to.get();
        add(all, store.read(sql -> counts(sql, counts + STRETCH, reasons.size(), from, upTo)));
        after = upTo;
        to = end(store, table, after, rows);
      }
    } else {
      add(all, store.read(sql -> counts(sql, counts, reasons.size())));
    }
    List<String> found = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      if (all[i] > 0) {
        found.add(all[i] + " " + reasons.get(i));
      }
    }
    return found;
  }

  private static void add(long[] all, long[] some) {
    for (int i = 0; i < all.length; i++) {
      all[i] += some[i];
    }
  }

  private static Optional<Long> end(Store store, String table, long after, int rows) {
    return store
        .read(sql -> sql.query(END.formatted(table), row -> row.getLong(1), after, rows))
        .stream()
        .findFirst();
  }

  private static long[] counts(Sql sql, String query, int columns, Object... values)
      throws SQLException {
    return sql.query(
            query,
            row -> {
              long[] counts = new long[columns];
              for (int i = 0; i < columns; i++) {
                counts[i] = row.getLong(i + 1);
              }
              return counts;
            },
            values)
        .get(0);
  }
}
