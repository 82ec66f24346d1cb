package io.tideline.core.closure;

import io.tideline.dialect.Lookups;
import io.tideline.plan.Reason;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the trees of roots, some roots at a time. A tree too large for one transaction is found
 * only as far as that shows; where it may go stepwise it is then found anew, alone, so that no more
 * than one such tree is in memory.
 */
public final class TreeFinder {
  private final Shape shape;
  private final Lookups lookups;
  private final Departed departed;
  private final boolean stepwise;
  private final TakenRoots taken = new TakenRoots();
  private final Deque<PackedRows> alone = new ArrayDeque<>();

  /** Finds trees of a shape. */
  public TreeFinder(Shape shape, Lookups lookups) {
    this(shape, lookups, Departed.NONE);
  }

  /** As the other, where some rows count as gone. */
  public TreeFinder(Shape shape, Lookups lookups, Departed departed) {
    this.departed = departed;
    this.shape = shape;
    this.lookups = lookups;
    this.stepwise = shape.rule().policy().stepwise();
  }

  /** Notes a root that is to be found. @return whether it is new */
  public boolean add(Row root) {
    return taken.add(root);
  }

  /** The trees of roots; those that go stepwise stay in it, {@link #next} has them. */
  public Forest find(PackedRows roots) {
    Forest forest = closure(shape.rule().policy().maxTree()).of(roots);
    Map<Integer, PackedRows> waiting = new LinkedHashMap<>();
    if (stepwise) {
      forest.tooLarge().forEach(tree -> waiting.put(tree, new PackedRows(roots.width())));
    }
    for (int root = 0; root < forest.roots().size(); root++) {
      Row key = forest.roots().key(root);
      PackedRows found = waiting.get(forest.tree(root));
      if (found == null) {
        taken.add(forest, root);
      } else {
        found.add(key, 0);
        taken.remove(key); // what shares its rows may take it in
      }
    }
    alone.addAll(waiting.values());
    return forest;
  }

  /** Rows that are kept in mind, or were, must be known one by one. */
  private Closure closure(int most) {
    boolean single =
        shape.leaves().values().stream()
            .map(leaf -> leaf.from().name())
            .anyMatch(table -> departed.minds(table) || departed.any(table));
    Closure.Leaves leaves = single ? Closure.Leaves.FOUND : Closure.Leaves.COUNTED;
    return new Closure(shape, lookups, Optional.of(taken), departed, leaves, most);
  }

  /** Whether a root of {@link #find} is found anew by {@link #next}. */
  public boolean waits(Forest forest, int root) {
    return stepwise && forest.stay(forest.tree(root)).filter(Forest.TOO_LARGE::equals).isPresent();
  }

  /** The next large tree, and what else had to be taken in with it. */
  public Optional<Forest> next() {
    while (!alone.isEmpty()) {
      PackedRows roots = left(alone.remove());
      if (roots.size() > 0) {
        Forest forest = closure(Integer.MAX_VALUE).of(roots);
        keepUnlessInSteps(forest);
        taken.addAll(forest);
        return Optional.of(forest);
      }
    }
    return Optional.empty();
  }

  private PackedRows left(PackedRows roots) {
    PackedRows left = new PackedRows(roots.width());
    for (int i = 0; i < roots.size(); i++) {
      if (!taken.has(roots.get(i))) {
        left.add(roots.get(i), 0);
      }
    }
    return left;
  }

  /**
   * A reference that became NULL cannot be set again once the hidden key of its row is another one:
   * such a tree goes in one transaction only.
   */
  private static boolean keepNameless(Forest forest) {
    boolean kept = false;
    for (Forest.Detached each : forest.detached()) {
      if (forest.large(each.root()) && each.nameless()) {
        String why =
            each.edge().key().display()
                + " would lose its reference, and only a hidden key names the row that refers";
        forest.keep(each.root(), new Stay(Reason.TREE_TOO_LARGE, why));
        kept = true;
      }
    }
    return kept;
  }

  private static void keepUnlessInSteps(Forest forest) {
    boolean kept = keepNameless(forest);
    for (int tree : forest.going()) {
      int ring = forest.large(tree) ? forest.largestRing(tree) : 0;
      if (ring > forest.shape().rule().policy().maxTree()) {
        String why = ring + " of its rows refer to each other and go in one transaction only";
        forest.keep(tree, new Stay(Reason.TREE_TOO_LARGE, why));
        kept = true;
      }
    }
    if (kept) {
      forest.settle();
    }
  }
}
