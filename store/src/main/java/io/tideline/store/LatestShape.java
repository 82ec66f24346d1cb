package io.tideline.store;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@link LatestPerKey} reads; every name is quoted already.
 *
 * @param table the table
 * @param key the column of the key
 * @param time the column by which rows are newer
 * @param id the unique column that breaks ties
 * @param window the expression that says which window a row counts for, or null for none
 * @param columns what is read of each row
 * @param keys a query of all keys, or null
 * @param keyType the type of the key
 * @param windowType the type of the window
 */
record LatestShape(
    String table,
    String key,
    String time,
    String id,
    @Nullable String window,
    List<String> columns,
    @Nullable String keys,
    String keyType,
    String windowType) {

  boolean windowed() {
    return window != null;
  }

  /** {@code t.a, t.b, … AS tideline_key}, and the window where there is one. */
  String selected(String windowName) {
    String read = columns.isEmpty() ? "t.*" : "t." + String.join(", t.", columns);
    String name = windowed() ? ", " + windowName + " AS tideline_window" : "";
    return read + ", t." + key + " AS tideline_key" + name;
  }

  /** What a row of this alias must be, beside its key. */
  String inWindow(String windowName) {
    return Optional.ofNullable(window)
        .map(expression -> " AND (" + expression + ") = " + windowName)
        .orElse("");
  }

  /** What finds the newest row of a key. */
  Seek seek() {
    List<String> equal = window == null ? List.of(key) : List.of(key, window);
    return new Seek("seek", table, equal, time, false);
  }

  /** What leads from one key to the next, within a window or without regard to it. */
  Seek skip(boolean withinWindow) {
    List<String> equal = withinWindow && window != null ? List.of(window) : List.of();
    return new Seek("skip", table, equal, key, true);
  }

  /** One step of the walk from key to key, for its plan. */
  String step(Product product, boolean withinWindow) {
    return String.format(
        Locale.ROOT,
        "SELECT skip.%1$s FROM %2$s AS skip WHERE skip.%1$s > %3$s%4$s ORDER BY skip.%1$s LIMIT 1",
        key,
        table,
        product.unknown(keyType),
        withinWindow ? inWindow(product.unknown(windowType)) : "");
  }

  /** The index that finds a row by its id. */
  String idIndex() {
    return String.format(
        Locale.ROOT,
        "CREATE UNIQUE INDEX %s ON %s (%s)",
        Identifier.quote("tideline_id_" + table.replaceAll("[^A-Za-z0-9_]", "")),
        table,
        id);
  }

  /** The index that serves the seeks; both databases read it backwards. */
  String index() {
    String middle =
        Optional.ofNullable(window).map(expression -> "(" + expression + "), ").orElse("");
    return String.format(
        Locale.ROOT,
        "CREATE INDEX %s ON %s (%s, %s%s, %s)",
        Identifier.quote("tideline_latest_" + table.replaceAll("[^A-Za-z0-9_]", "")),
        table,
        key,
        middle,
        time,
        id);
  }
}
