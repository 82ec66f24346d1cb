package io.tideline.core.closure;

import io.tideline.core.digest.RowDigest;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An order in which rows of one tree can leave whose tables refer to each other or to themselves:
 * those that refer to others first; rows that refer to each other in a ring together. It only saves
 * work: what refers to a row is looked up again when it goes.
 */
public final class RowOrder {
  private final int size;
  private final int @Nullable [] order;
  private final BitSet joined;

  private RowOrder(int size, int @Nullable [] order, BitSet joined) {
    this.size = size;
    this.order = order;
    this.joined = joined;
  }

  /** Tells what columns of a table's rows hold. */
  public interface Values {
    /** Tells it of each row, in an order that is always the same. */
    void read(Member member, List<String> columns, Visitor visitor);
  }

  /** Takes the values of one row; they are filled again after the call. */
  public interface Visitor {
    /** Takes them. */
    void row(int position, Row values);
  }

  /**
   * The order of rows of some tables.
   *
   * @param group the tables
   * @param sizes how many rows of each there are
   */
  public static RowOrder of(Values values, Shape shape, List<Integer> group, List<Integer> sizes) {
    int size = sizes.stream().mapToInt(Integer::intValue).sum();
    if (!shape.cyclic(group)) {
      return new RowOrder(size, null, new BitSet());
    }
    Map<Integer, Integer> starts = new HashMap<>();
    int start = 0;
    for (int i = 0; i < group.size(); i++) {
      starts.put(group.get(i), start);
      start += sizes.get(i);
    }
    List<int[]> parents = new ArrayList<>();
    References references = new References(values, shape, starts, size);
    for (Edge edge : shape.edges()) {
      if (starts.containsKey(edge.child()) && starts.containsKey(edge.parent())) {
        parents.add(references.over(edge));
      }
    }
    return of(parents, size);
  }

  /**
   * @param parents over each foreign key what each row refers to; -1 if to nothing, or to itself
   */
  static RowOrder of(List<int[]> parents, int size) {
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
    BitSet joined = new BitSet();
    if (ordered < size) {
      rings(parents, referrers, order, ordered, joined);
    }
    return new RowOrder(size, order, joined);
  }

  /** Orders the rows of rings, and those that only they lead to. */
  private static void rings(
      List<int[]> parents, int[] referrers, int[] order, int from, BitSet joined) {
    int[] left = new int[order.length - from];
    int[] numbers = new int[order.length];
    int count = 0;
    for (int row = 0; row < order.length; row++) {
      if (referrers[row] > 0) {
        numbers[row] = count;
        left[count++] = row;
      }
    }
    List<int[]> leads = new ArrayList<>(count);
    for (int row : left) {
      // What is left is referred to by what is left: all that it refers to is left too.
      leads.add(
          parents.stream()
              .mapToInt(of -> of[row])
              .filter(parent -> parent >= 0)
              .map(parent -> numbers[parent])
              .toArray());
    }
    int[] component = Components.of(leads);
    Integer[] sorted = new Integer[count];
    Arrays.setAll(sorted, i -> i);
    // A component's number is greater than those that it leads to.
    Arrays.sort(sorted, Comparator.comparingInt((Integer i) -> -component[i]));
    for (int i = 0; i < count; i++) {
      order[from + i] = left[sorted[i]];
      if (i > 0 && component[sorted[i]] == component[sorted[i - 1]]) {
        joined.set(from + i);
      }
    }
  }

  /** The number of rows. */
  public int size() {
    return size;
  }

  /** The row at a place of the order, numbered through the tables. */
  public int row(int place) {
    return order == null ? place : order[place];
  }

  /** The rows of the largest ring; 1 if there is none. */
  public int largest() {
    int largest = Math.min(1, size);
    for (int from = joined.nextSetBit(0); from >= 0; ) {
      int to = joined.nextClearBit(from);
      largest = Math.max(largest, to - from + 1);
      from = joined.nextSetBit(to);
    }
    return largest;
  }

  /** Where a stretch ends that begins at a place: no ring is cut. */
  public int end(int from, int most) {
    int to = Math.min(size, from + Math.max(1, most));
    int whole = to == size ? to : joined.previousClearBit(to);
    return whole > from ? whole : Math.min(size, joined.nextClearBit(to));
  }

  /** Finds out what rows refer to. */
  private static final class References {
    private final Values values;
    private final Shape shape;
    private final Map<Integer, Integer> starts;
    private final int size;
    private final RowDigest digest = new RowDigest();

    References(Values values, Shape shape, Map<Integer, Integer> starts, int size) {
      this.values = values;
      this.shape = shape;
      this.starts = starts;
      this.size = size;
    }

    int[] over(Edge edge) {
      int first = starts.getOrDefault(edge.parent(), 0);
      Named targets = new Named();
      values.read(
          shape.members().get(edge.parent()),
          edge.key().toColumns(),
          (position, row) -> targets.add(name(row), first + position));
      int child = starts.getOrDefault(edge.child(), 0);
      int[] parents = new int[size];
      Arrays.fill(parents, -1);
      values.read(
          shape.members().get(edge.child()),
          edge.key().columns(),
          (position, row) -> {
            int parent = row.hasNull() ? -1 : targets.find(name(row));
            parents[child + position] = parent == child + position ? -1 : parent;
          });
      return parents;
    }

    private long name(Row row) {
      digest.update(row, 0, row.width());
      return digest.high();
    }
  }

  /** Rows by 64 bits of the digest of what others refer to them by. */
  private static final class Named {
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
