package io.tideline.core.payload;

import io.tideline.catalogue.TableName;
import java.util.List;

/**
 * A relation over which a row leads to another: a foreign key, or a declared reference.
 *
 * @param from the table that refers
 * @param columns its columns
 * @param to the table referred to
 * @param toColumns the columns referred to, in the same order
 */
record Edge(TableName from, List<String> columns, TableName to, List<String> toColumns) {
  /** Copies the lists. */
  Edge {
    columns = List.copyOf(columns);
    toColumns = List.copyOf(toColumns);
  }

  /** Whether both relate the same columns to the same columns, in whatever order. */
  boolean sameAs(Edge other) {
    return from.equals(other.from)
        && to.equals(other.to)
        && columns.size() == other.columns.size()
        && pairs().containsAll(other.pairs());
  }

  private List<List<String>> pairs() {
    return java.util.stream.IntStream.range(0, columns.size())
        .mapToObj(i -> List.of(columns.get(i), toColumns.get(i)))
        .toList();
  }
}
