package io.tideline.cli;

import io.tideline.tuning.TableSize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code --size TABLE=ROWS} and {@code --size TABLE.COLUMN=VALUES}. */
final class SizeOptions {
  private SizeOptions() {}

  /**
   * The sizes.
   *
   * @throws io.tideline.error.TidelineException {@code ARGUMENT_INVALID} for one that cannot be, or
   *     a column of a table without rows
   */
  static List<TableSize> of(Map<String, Long> options) {
    Map<String, Map<String, Long>> distinct = new LinkedHashMap<>();
    options.forEach(
        (name, count) -> {
          int dot = name.lastIndexOf('.');
          if (dot > 0 && options.containsKey(name.substring(0, dot))) {
            distinct
                .computeIfAbsent(name.substring(0, dot), unused -> new LinkedHashMap<>())
                .put(name.substring(dot + 1), count);
          }
        });
    List<TableSize> sizes = new ArrayList<>();
    options.forEach(
        (name, count) -> {
          int dot = name.lastIndexOf('.');
          if (dot < 0 || !options.containsKey(name.substring(0, dot))) {
            sizes.add(size(name, count, distinct.getOrDefault(name, Map.of())));
          }
        });
    return sizes;
  }

  private static TableSize size(String table, long rows, Map<String, Long> distinct) {
    try {
      return new TableSize(table, rows, distinct);
    } catch (IllegalArgumentException e) {
      throw Command.badArgument(
          "Cannot plan for that size: " + e.getMessage() + ".", "Write --size TABLE=ROWS.");
    }
  }
}
