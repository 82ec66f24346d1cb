package io.tideline.core.rule;

import io.tideline.dialect.Item;
import java.util.ArrayList;
import java.util.List;

/** The values that a walk over a table reads, each once, and where in the row each stands. */
public final class ItemList {
  private final List<Item> items = new ArrayList<>();

  /** The position of an item, which is added if it is new. */
  public int at(Item item) {
    int at = items.indexOf(item);
    if (at < 0) {
      items.add(item);
      return items.size() - 1;
    }
    return at;
  }

  /** The positions of several items. */
  public int[] at(List<? extends Item> wanted) {
    return wanted.stream().mapToInt(this::at).toArray();
  }

  /** The positions of several columns. */
  public int[] atColumns(List<String> columns) {
    return at(columns.stream().map(Item.OfColumn::new).toList());
  }

  /** The items so far. */
  public List<Item> items() {
    return List.copyOf(items);
  }

  /** The number of items so far. */
  public int size() {
    return items.size();
  }
}
