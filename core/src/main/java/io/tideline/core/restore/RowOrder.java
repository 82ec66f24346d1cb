package io.tideline.core.restore;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.closure.Components;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.KeyDigest;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Orders rows of tables that refer to each other so that what a row refers to comes before it; rows
 * that refer to each other in a circle are one unit. Rows are numbered as they are added. What a
 * database may take for a reference counts as one: at worst rows come together that need not.
 */
final class RowOrder {
  private final Map<List<Object>, DigestBag> referred = new LinkedHashMap<>();
  private final List<long[]> references = new ArrayList<>();
  private final List<DigestBag> targets = new ArrayList<>();
  private final KeyDigest digest = KeyDigest.folding();
  private int[] bytes = new int[64];
  private int size;

  /**
   * @param most the tables, and how many rows of each may be added
   */
  RowOrder(Map<Table, Integer> most) {
    for (Table table : most.keySet()) {
      for (ForeignKey key : table.references()) {
        most.forEach(
            (to, rows) -> {
              if (to.name().equals(key.to())) {
                referred.computeIfAbsent(name(key.to(), key.toColumns()), n -> new DigestBag(rows));
              }
            });
      }
    }
  }

  private static List<Object> name(TableName table, List<String> columns) {
    return List.of(table, columns);
  }

  /** Adds a row as it is to be inserted. */
  void add(Table table, Mapping mapping, Row picked) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, size * 2);
    }
    bytes[size] = (int) Math.min(Integer.MAX_VALUE, picked.size());
    referred.forEach(
        (name, bag) -> {
          if (name.get(0).equals(table.name()) && digest(mapping, picked, columns(name))) {
            bag.add(digest.high(), digest.low(), size);
          }
        });
    for (ForeignKey key : table.references()) {
      DigestBag bag = referred.get(name(key.to(), key.toColumns()));
      if (bag != null && digest(mapping, picked, key.columns())) {
        references.add(new long[] {size, digest.high(), digest.low()});
        targets.add(bag);
      }
    }
    size++;
  }

  @SuppressWarnings("unchecked")
  private static List<String> columns(List<Object> name) {
    return (List<String>) name.get(1);
  }

  private boolean digest(Mapping mapping, Row picked, List<String> columns) {
    int[] at = columns.stream().mapToInt(mapping.columns()::indexOf).toArray();
    return Arrays.stream(at).allMatch(i -> i >= 0) && digest.update(picked, at);
  }

  /** About how many bytes a row has. */
  int bytes(int row) {
    return bytes[row];
  }

  /** The rows in order, each with those that it must come with. */
  List<int[]> units() {
    int[] component = Components.of(edges());
    long[] order = new long[size];
    for (int row = 0; row < size; row++) {
      order[row] = (long) component[row] << 32 | row;
    }
    Arrays.sort(order);
    List<int[]> units = new ArrayList<>();
    for (int from = 0, to = 0; from < size; from = to) {
      while (to < size && order[to] >>> 32 == order[from] >>> 32) {
        to++;
      }
      units.add(Arrays.stream(order, from, to).mapToInt(row -> (int) row).toArray());
    }
    return units;
  }

  private List<int[]> edges() {
    int[] counts = new int[size];
    int[] to = new int[references.size()];
    for (int i = 0; i < to.length; i++) {
      long[] reference = references.get(i);
      to[i] = targets.get(i).find(reference[1], reference[2]);
      counts[(int) reference[0]] += to[i] < 0 ? 0 : 1;
    }
    List<int[]> edges = new ArrayList<>(size);
    for (int row = 0; row < size; row++) {
      edges.add(new int[counts[row]]);
    }
    for (int i = 0; i < to.length; i++) {
      int from = (int) references.get(i)[0];
      if (to[i] >= 0) {
        edges.get(from)[--counts[from]] = to[i];
      }
    }
    return edges;
  }
}
