package io.tideline.core.plan;

import io.tideline.core.closure.Departed;
import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Member;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.TreeFinder;
import io.tideline.dialect.Reader;
import io.tideline.plan.DependentRows;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** Counts the trees of the roots that a survey finds: what goes with them, and which stay. */
final class TreeSurvey {
  private static final int FIRST_ROOTS = 8;
  private static final int MOST_ROOTS = 5_000;
  private static final int SLICE = 20_000;

  private final Shape shape;
  private final Tally tally;
  private final Consumer<PackedRows> going;
  private final Departed departed;
  private final long[] rows;
  private final long[] detached;
  private final TreeFinder finder;
  private PackedRows keys;
  private int roots = FIRST_ROOTS;
  private long stepwise;

  /**
   * @param tally counts the roots
   * @param going hears of the keys of roots that go
   * @param departed what earlier policies of the plan take; learns what these trees take
   */
  TreeSurvey(
      Shape shape, Reader reader, Tally tally, Consumer<PackedRows> going, Departed departed) {
    this.shape = shape;
    this.departed = departed;
    this.finder = new TreeFinder(shape, reader, departed);
    this.tally = tally;
    this.going = going;
    this.rows = new long[shape.members().size()];
    this.detached = new long[shape.members().size()];
    this.keys = new PackedRows(shape.root().key().columns().size());
  }

  /** Takes the key of a root that may go. */
  void root(Row key) {
    if (finder.add(key)) {
      keys.add(key, 0);
    }
    if (keys.size() >= roots) {
      count();
    }
  }

  /** What goes with the roots, by table; those without any are left out. */
  List<DependentRows> end() {
    count();
    List<DependentRows> dependents = new ArrayList<>();
    for (Member member : shape.members().subList(1, shape.members().size())) {
      int at = member.number();
      dependents.add(new DependentRows(member.table().name(), rows[at], detached[at]));
    }
    return dependents;
  }

  private void count() {
    if (keys.size() == 0) {
      return;
    }
    Forest forest = finder.find(keys);
    count(forest, root -> !finder.waits(forest, root));
    long each = Math.max(1, forest.rows() / Math.max(1, forest.roots().size()));
    roots = (int) Math.max(1, Math.min(Math.min(MOST_ROOTS, roots * 4L), SLICE / each));
    keys = new PackedRows(keys.width());
    Optional<Forest> large = finder.next();
    while (large.isPresent()) {
      count(large.get(), root -> true);
      large = finder.next();
    }
  }

  private void count(Forest forest, IntPredicate counted) {
    stepwise += forest.going().stream().filter(forest::large).count();
    for (Member member : shape.members()) {
      rows[member.number()] += forest.count(member, tree -> forest.stay(tree).isEmpty());
      if (departed.minds(member.table().name())) {
        leave(member, forest.keys(member, tree -> forest.stay(tree).isEmpty()));
      }
    }
    going.accept(forest.keys(shape.root(), tree -> forest.stay(tree).isEmpty()));
    forest.detached().forEach(each -> detached[each.edge().child()]++);
    for (int root = 0; root < forest.roots().size(); root++) {
      int at = root;
      if (counted.test(root) && !forest.staysByItself(root)) {
        forest.toldOf(root).ifPresent(why -> tally.staysAfterAll(why, () -> forest.rootKey(at)));
      }
    }
  }

  private void leave(Member member, PackedRows keys) {
    Row key = new Row(keys.width());
    for (int i = 0; i < keys.size(); i++) {
      keys.get(i, key);
      departed.add(member.table().name(), key);
    }
  }

  /** The trees that go in several transactions. */
  long stepwise() {
    return stepwise;
  }
}
