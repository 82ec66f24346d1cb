package io.tideline.archive;

import java.util.List;

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

  private boolean holds(String name) {
    return columns.stream().anyMatch(column -> column.name().equalsIgnoreCase(name));
  }
}
