package io.tideline.core.closure;

import io.tideline.catalogue.Key;
import io.tideline.dialect.Lookups;
import io.tideline.plan.Reason;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Finds the roots above rows that have more than one parent: where such a root is expired too, its
 * tree shares the row, and both go as one.
 */
final class Ascent {
  private static final String SHARED = "another tree shares a row";

  private final Shape shape;
  private final Lookups lookups;
  private final Forest forest;
  private final boolean reaches;
  private final Optional<TakenRoots> taken;
  private final Map<Edge, BitSet> reached = new HashMap<>();
  private final int[] ascended;
  private final Map<ByteBuffer, List<Integer>> sharers = new HashMap<>();
  private final Set<ByteBuffer> asked = new HashSet<>();
  private final Set<ByteBuffer> visited = new HashSet<>();

  /**
   * @param taken the roots of trees found before; if empty, no root is taken in
   */
  Ascent(Shape shape, Lookups lookups, Forest forest, Optional<TakenRoots> taken) {
    this.taken = taken;
    this.shape = shape;
    this.lookups = lookups;
    this.forest = forest;
    this.reaches = taken.isPresent();
    this.ascended = new int[shape.members().size()];
  }

  /** Notes that a row was found from a parent over an edge. */
  void reached(Member child, int row, Edge edge) {
    if (child.indexed()) {
      reached.computeIfAbsent(edge, e -> new BitSet()).set(row);
    }
  }

  /** Whether a root was asked for by {@link #reach}. */
  boolean asked(Row key) {
    return asked.contains(CanonicalBuffer.of(key));
  }

  /** A root above is none of an expired tree: what it shares goes without it. */
  void rejected(Row key) {
    sharers.remove(CanonicalBuffer.of(key));
  }

  /** A root above begins a tree, which becomes one with those that share its rows. */
  void planted(Row key, int root) {
    List<Integer> trees = sharers.remove(CanonicalBuffer.of(key));
    if (trees == null) {
      return;
    }
    for (int tree : trees) {
      if (!reaches) {
        forest.keep(tree, new Stay(Reason.CHANGED, SHARED));
      }
      forest.unite(tree, root);
    }
  }

  /**
   * The keys of roots to take in next: those above shared rows, and those given.
   *
   * @param referring roots that refer to others
   */
  PackedRows reach(List<Row> referring) {
    PackedRows wanted = new PackedRows(shape.root().key().columns().size());
    for (Row key : referring) {
      if (reaches && asked.add(CanonicalBuffer.of(key))) {
        wanted.add(key, 0);
      }
    }
    Map<Edge, Level> level = new LinkedHashMap<>();
    for (Member member : shape.members()) {
      int from = ascended[member.number()];
      int to = forest.found(member).size();
      ascended[member.number()] = to;
      unreached(member, from, to, level);
    }
    while (!level.isEmpty()) {
      Map<Edge, Level> next = new LinkedHashMap<>();
      level.forEach((edge, values) -> ascend(edge, values, next, wanted));
      level = next;
    }
    return wanted;
  }

  /** Values of referring columns, and the trees of the rows that hold them. */
  private static final class Level {
    private final PackedRows values;
    private final Map<ByteBuffer, List<Integer>> trees = new LinkedHashMap<>();

    Level(int width) {
      values = new PackedRows(width);
    }

    void add(Row value, int tree) {
      trees
          .computeIfAbsent(
              CanonicalBuffer.of(value),
              key -> {
                values.add(value, 0);
                return new ArrayList<>(1);
              })
          .add(tree);
    }

    /** The trees of a value; of every value, where the engine took another for the same. */
    void each(Row value, IntConsumer tree) {
      List<Integer> known = trees.get(CanonicalBuffer.of(value));
      if (known != null) {
        known.forEach(tree::accept);
      } else {
        trees.values().forEach(all -> all.forEach(tree::accept));
      }
    }
  }

  private void unreached(Member member, int from, int to, Map<Edge, Level> level) {
    Row row = new Row(member.keptWidth());
    member
        .referring()
        .forEach(
            (edge, at) -> {
              if (!edge.follows() || !member.indexed()) {
                return;
              }
              BitSet over = reached.getOrDefault(edge, new BitSet());
              for (int i = over.nextClearBit(from); i < to; i = over.nextClearBit(i + 1)) {
                forest.found(member).row(i, row);
                int tree = forest.tree(member, i);
                Closure.complete(row, at).ifPresent(value -> level(level, edge).add(value, tree));
              }
            });
  }

  private static Level level(Map<Edge, Level> level, Edge edge) {
    return level.computeIfAbsent(edge, e -> new Level(e.key().columns().size()));
  }

  private void ascend(Edge edge, Level level, Map<Edge, Level> next, PackedRows wanted) {
    Member parent = shape.members().get(edge.parent());
    int width = edge.key().toColumns().size();
    lookups.lookUp(
        parent.table().withKey(new Key(edge.key().toColumns(), Key.Kind.UNIQUE)),
        level.values,
        parent.items(),
        row -> {
          Row kept = new Row(parent.keptWidth());
          parent.keep(row, width, kept);
          Row value = row.slice(0, width);
          if (edge.parent() == 0) {
            level.each(value, tree -> root(kept, tree, wanted));
          } else {
            up(parent, kept, value, level, next);
          }
          return true;
        });
  }

  private void root(Row kept, int tree, PackedRows wanted) {
    Row key = kept.slice(0, shape.root().key().columns().size());
    int known = forest.roots().find(key);
    if (known >= 0) {
      forest.unite(tree, known);
      return;
    }
    if (taken.filter(roots -> roots.has(key)).isPresent()) {
      // Its tree is on its way out without this one: whatever became of it, the next run sees.
      forest.keep(tree, new Stay(Reason.CHANGED, SHARED));
      return;
    }
    ByteBuffer name = CanonicalBuffer.of(key);
    sharers.computeIfAbsent(name, k -> new ArrayList<>()).add(tree);
    if (asked.add(name)) {
      wanted.add(key, 0);
    }
  }

  private void up(Member parent, Row kept, Row value, Level level, Map<Edge, Level> next) {
    parent
        .referring()
        .forEach(
            (edge, at) -> {
              if (edge.follows()) {
                Closure.complete(kept, at)
                    .ifPresent(
                        above ->
                            level.each(
                                value,
                                tree -> {
                                  if (visit(edge, above, tree)) {
                                    level(next, edge).add(above, tree);
                                  }
                                }));
              }
            });
  }

  private boolean visit(Edge edge, Row value, int tree) {
    Row step = new Row(value.width() + 2);
    step.setInteger(0, shape.edges().indexOf(edge));
    step.setInteger(1, tree);
    for (int i = 0; i < value.width(); i++) {
      step.set(i + 2, value, i);
    }
    return visited.add(CanonicalBuffer.of(step));
  }
}
