package io.tideline.dialect;

import io.tideline.row.Row;
import java.util.List;
import java.util.Optional;

/**
 * A stretch of a table in the order of some columns, compared as a tuple; ascending.
 *
 * @param order the columns, never null in the rows meant, together unique
 * @param after the values after which it begins, exclusive; from the start if empty
 * @param through the values with which it ends, inclusive; to the end if empty
 */
public record Range(List<String> order, Optional<Row> after, Optional<Row> through) {
  /** Copies the list and checks the widths. */
  public Range {
    order = List.copyOf(order);
    int width = order.size();
    if (after.filter(row -> row.width() != width).isPresent()
        || through.filter(row -> row.width() != width).isPresent()) {
      throw new IllegalArgumentException(
          "Cannot bound " + width + " columns by another number of values");
    }
  }

  /** The whole table in that order. */
  public static Range all(List<String> order) {
    return new Range(order, Optional.empty(), Optional.empty());
  }
}
