package io.tideline.core.run;

import io.tideline.core.closure.Edge;
import io.tideline.core.closure.Shape;
import io.tideline.core.digest.RowDigest;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An order in which archived rows can leave whose tables refer to each other or to themselves:
 * those that refer to others first; rows of a cycle come last. It only saves work: what refers to a
 * row is looked up again when it goes.
 */
final class RemovalOrder {
  private final SealedCopies copies;
  private final Shape shape;
  private final Map<Integer, Integer> starts = new HashMap<>();
  private final List<int[]> parents = new ArrayList<>();
  private final RowDigest digest = new RowDigest();
  private final int size;

  /**
   * @param group the tables
   * @param sizes how many rows of each there are
   */
  RemovalOrder(SealedCopies copies, Shape shape, List<Integer> group, List<Integer> sizes) {
    this.copies = copies;
    this.shape = shape;
    int start = 0;
    for (int i = 0; i < group.size(); i++) {
      starts.put(group.get(i), start);
      start += sizes.get(i);
    }
    this.size = start;
  }

  /** The rows, numbered through the tables of the group. */
  int[] order() {
    for (Edge edge : shape.edges()) {
      if (starts.containsKey(edge.child()) && starts.containsKey(edge.parent())) {
        parents.add(parents(edge));
      }
    }
    int[] referrers = new int[size];
    parents.forEach(
        of -> {
          for (int parent : of) {
            if (parent >= 0) {
              referrers[parent]++;
            }
          }
        });
    int[] order = new int[size];
    int ordered = 0;
    for (int row = 0; row < size; row++) {
      if (referrers[row] == 0) {
        order[ordered++] = row;
      }
    }
    for (int next = 0; next < ordered; next++) {
      for (int[] of : parents) {
        int parent = of[order[next]];
        if (parent >= 0 && --referrers[parent] == 0) {
          order[ordered++] = parent;
        }
      }
    }
    for (int row = 0; row < size; row++) {
      if (referrers[row] > 0) {
        order[ordered++] = row;
      }
    }
    return order;
  }

  /** What each row refers to over an edge; -1 if to nothing, or to itself. */
  private int[] parents(Edge edge) {
    int first = starts.getOrDefault(edge.parent(), 0);
    Targets targets = new Targets();
    copies.read(
        shape.members().get(edge.parent()),
        edge.key().toColumns(),
        (position, values) -> targets.add(name(values), first + position));
    int child = starts.getOrDefault(edge.child(), 0);
    int[] parents = new int[size];
    Arrays.fill(parents, -1);
    copies.read(
        shape.members().get(edge.child()),
        edge.key().columns(),
        (position, values) -> {
          int parent = values.hasNull() ? -1 : targets.find(name(values));
          parents[child + position] = parent == child + position ? -1 : parent;
        });
    return parents;
  }

  private long name(Row values) {
    digest.update(values, 0, values.width());
    return digest.high();
  }

  /** Rows by 64 bits of the digest of what others refer to them by. */
  private static final class Targets {
    private long[] names = new long[64];
    private int[] rows = new int[64];
    private int count;

    void add(long name, int row) {
      if (++count * 2 > rows.length) {
        grow();
      }
      place(name, row + 1);
    }

    int find(long name) {
      int mask = rows.length - 1;
      for (int slot = (int) name & mask; rows[slot] != 0; slot = (slot + 1) & mask) {
        if (names[slot] == name) {
          return rows[slot] - 1;
        }
      }
      return -1;
    }

    private void place(long name, int row) {
      int mask = rows.length - 1;
      int slot = (int) name & mask;
      while (rows[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      names[slot] = name;
      rows[slot] = row;
    }

    private void grow() {
      long[] oldNames = names;
      int[] oldRows = rows;
      names = new long[oldNames.length * 2];
      rows = new int[oldRows.length * 2];
      for (int i = 0; i < oldRows.length; i++) {
        if (oldRows[i] != 0) {
          place(oldNames[i], oldRows[i]);
        }
      }
    }
  }
}
