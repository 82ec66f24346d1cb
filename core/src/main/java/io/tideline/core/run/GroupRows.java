package io.tideline.core.run;

import io.tideline.core.closure.RowOrder;
import io.tideline.core.closure.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The archived rows of a group of tables in an order in which they can leave, a stretch each. */
final class GroupRows {
  private final List<Integer> group;
  private final int[] ends;
  private final RowOrder order;

  private GroupRows(List<Integer> group, int[] ends, RowOrder order) {
    this.group = group;
    this.ends = ends;
    this.order = order;
  }

  static GroupRows of(SealedCopies copies, Shape shape, List<Integer> group, TreeChunk chunk) {
    List<Integer> sizes =
        group.stream()
            .map(number -> chunk.copies().get(number).map(each -> each.rows().size()).orElse(0))
            .toList();
    int[] ends = new int[sizes.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += sizes.get(i);
      ends[i] = end;
    }
    return new GroupRows(group, ends, RowOrder.of(copies::read, shape, group, sizes));
  }

  /** The tables. */
  List<Integer> group() {
    return group;
  }

  /** Their order. */
  RowOrder order() {
    return order;
  }

  /** The rows at some places of the order. */
  int[] rows(int from, int to) {
    int[] rows = new int[to - from];
    for (int i = from; i < to; i++) {
      rows[i - from] = order.row(i);
    }
    return rows;
  }

  /** The positions of rows in the segments of their tables, by the tables' numbers. */
  Map<Integer, int[]> positions(int[] rows) {
    int[] sorted = rows.clone();
    Arrays.sort(sorted);
    Map<Integer, int[]> positions = new LinkedHashMap<>();
    int from = 0;
    for (int i = 0; i < ends.length; i++) {
      int start = i == 0 ? 0 : ends[i - 1];
      int to = from;
      while (to < sorted.length && sorted[to] < ends[i]) {
        sorted[to++] -= start;
      }
      if (to > from) {
        positions.put(group.get(i), Arrays.copyOfRange(sorted, from, to));
      }
      from = to;
    }
    return positions;
  }
}
