package io.tideline.core.closure;

import io.tideline.catalogue.Table;
import io.tideline.dialect.Item;
import io.tideline.dialect.Lookups;
import io.tideline.dialect.ReferringRows;
import io.tideline.row.PackedRows;
import java.util.List;

/** Counts the rows of tables outside the trees that refer to rows inside. */
final class Outsiders {
  private final Lookups lookups;
  private final Departed departed;

  /**
   * @param departed rows that count as gone; if it knows of any, the others are read one by one
   */
  Outsiders(Lookups lookups, Departed departed) {
    this.lookups = lookups;
    this.departed = departed;
  }

  /** Hears of a value that is referred to. */
  interface Counted {
    /** Hears of one value, by its number, and of how many rows refer to it. */
    void value(int value, long rows);
  }

  void count(Edge edge, PackedRows values, Counted counted) {
    Table from = edge.from();
    if (!departed.any(from.name())) {
      lookups.countReferring(
          new ReferringRows(edge.key(), from, values),
          row -> {
            counted.value((int) row.integer(0), row.integer(1));
            return true;
          });
      return;
    }
    List<Item> key =
        from.key().orElseThrow().columns().stream().<Item>map(Item.OfColumn::new).toList();
    long[] found = new long[values.size()];
    lookups.referring(
        new ReferringRows(edge.key(), from, values),
        key,
        row -> {
          if (!departed.has(from.name(), row.slice(1, row.width()))) {
            found[(int) row.integer(0)]++;
          }
          return true;
        });
    for (int value = 0; value < found.length; value++) {
      if (found[value] > 0) {
        counted.value(value, found[value]);
      }
    }
  }
}
