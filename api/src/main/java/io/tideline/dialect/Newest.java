package io.tideline.dialect;

import io.tideline.catalogue.Table;
import io.tideline.row.PackedRows;
import java.util.List;

/**
 * The question for the newest rows of some groups, answered by one seek a group, never by a pass
 * over the table where an index over group and time exists.
 *
 * @param table the table
 * @param time the time
 * @param group what makes a group; NULL is a group of its own
 * @param groups the groups asked for, as wide as {@code group}
 * @param rows how many rows of each group, newest first, ties by key, last key first; rows without
 *     a time are left out
 */
public record Newest(Table table, Item time, List<Item> group, PackedRows groups, int rows) {
  /** Copies the list. */
  public Newest {
    group = List.copyOf(group);
  }
}
