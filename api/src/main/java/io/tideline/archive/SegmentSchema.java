package io.tideline.archive;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the rows of a segment hold.
 *
 * @param table the table's name for a person
 * @param columns the values of each row, in order; a hidden key comes first
 */
public record SegmentSchema(String table, List<SegmentColumn> columns) {
  /**
   * The name of the extra text column that keeps what natural columns cannot: a JSON object from
   * column name to an object of one member, whose name is the kind and whose value is {@code
   * integer}: decimal digits as a string; {@code real}: 16 hexadecimal digits of its bits; {@code
   * text}: a string; {@code text-hex}: the bytes of text that is no UTF-8, or holds NUL; {@code
   * blob}: the bytes in hexadecimal. The natural column is null there. Null where the row has no
   * such value. If a column of the source has this name, underscores are put before it until it is
   * unique.
   */
  public static final String EXACT = "_tideline_exact";

  private static final Set<String> RESERVED = Set.of("filename", "file_row_number", "file_index");

  /** Copies the list. */
  public SegmentSchema {
    columns = List.copyOf(columns);
  }

  /** The name of the column of exact values in this segment. */
  public String exactColumn() {
    String name = EXACT;
    while (holds(name)) {
      name = "_" + name;
    }
    return name;
  }

  /**
   * The name of the extra member that numbers rows from 0 in formats whose readers cannot: {@code
   * _row}, made unique as {@link #EXACT} is.
   */
  public String ordinalColumn() {
    String name = "_row";
    while (holds(name)) {
      name = "_" + name;
    }
    return name;
  }

  /**
   * The names that the columns bear in a file, in order: their own, except that readers such as
   * DuckDB ignore case, know no empty name and give a meaning to {@code filename}, {@code
   * file_row_number} and {@code file_index}. A name that is empty, has such a meaning or is taken
   * by a column before it, gets {@code _2}, or the next number that makes it unique.
   */
  public List<String> fileNames() {
    Set<String> taken = new HashSet<>(RESERVED);
    columns.forEach(column -> taken.add(fold(column.name())));
    Set<String> used = new HashSet<>(RESERVED);
    List<String> names = new ArrayList<>();
    for (SegmentColumn column : columns) {
      String name = column.name();
      for (int i = 2; name.isEmpty() || !used.add(fold(name)); i++) {
        name = column.name() + "_" + i;
        if (taken.contains(fold(name))) {
          name = "";
        }
      }
      names.add(name);
    }
    return List.copyOf(names);
  }

  private static String fold(String name) {
    return name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  private boolean holds(String name) {
    return columns.stream().anyMatch(column -> column.name().equalsIgnoreCase(name));
  }
}
