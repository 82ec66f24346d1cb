package io.tideline.core.closure;

import io.tideline.core.digest.RowDigest;
import io.tideline.core.rule.Guard;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Lookups;
import io.tideline.dialect.ReferringRows;
import io.tideline.plan.Reason;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Finds the trees of some roots, a table's rows at a time: each question to the database is about
 * all rows found since the last one. Whatever keeps one row of a tree keeps all of it.
 */
public final class Closure {
  /** Of so many rows at most it is asked at once what refers to them. */
  private static final int STRETCH = 10_000;

  private final Shape shape;
  private final Lookups lookups;
  private final RootJudge judge;
  private final Forest forest;
  private final Ascent ascent;
  private final Optional<TakenRoots> taken;
  private final Leaves leaves;
  private final Departed departed;
  private final Map<Member, RootJudge> due = new HashMap<>();
  private final int[] followed;
  private final RowDigest digest = new RowDigest();
  private final List<Referrer> referrers = new ArrayList<>();

  /** What becomes known of the rows of {@link Shape#leaves}. */
  public enum Leaves {
    /** Each of them. */
    FOUND,
    /** How many there are in each tree. */
    COUNTED,
    /** Nothing. */
    APART
  }

  /** A row of a table of the tree that refers to a row of a tree and need not go with it. */
  private record Referrer(Edge edge, Row key, Row record, Row archived, int root) {}

  /**
   * @param shape the tables
   * @param lookups where rows are found: a reader, or the transaction that deletes
   * @param taken the roots that were taken before; then roots are taken in that were not asked for,
   *     where trees share rows or refer to each other. If empty, such trees stay
   */
  public Closure(Shape shape, Lookups lookups, Optional<TakenRoots> taken) {
    this(shape, lookups, taken, Departed.NONE, Leaves.FOUND, shape.rule().policy().maxTree());
  }

  /** A closure that need not find every row of tables that are leaves. */
  public static Closure with(
      Leaves leaves, Shape shape, Lookups lookups, Optional<TakenRoots> taken) {
    return new Closure(
        shape, lookups, taken, Departed.NONE, leaves, shape.rule().policy().maxTree());
  }

  /** A closure that finds trees of any size. */
  public static Closure ofAnySize(
      Leaves leaves, Shape shape, Lookups lookups, Optional<TakenRoots> taken) {
    return new Closure(shape, lookups, taken, Departed.NONE, leaves, Integer.MAX_VALUE);
  }

  /**
   * @param departed rows that count as gone
   * @param leaves what becomes known of rows of tables that are leaves
   * @param most how many rows a tree has at most that goes
   */
  Closure(
      Shape shape,
      Lookups lookups,
      Optional<TakenRoots> taken,
      Departed departed,
      Leaves leaves,
      int most) {
    this.shape = shape;
    this.leaves = leaves;
    this.lookups = lookups;
    this.departed = departed;
    this.judge = new RootJudge(shape.root(), shape.rule());
    shape.members().stream()
        .filter(member -> member.due().isPresent())
        .forEach(member -> due.put(member, new RootJudge(member, member.due().orElseThrow())));
    this.forest = new Forest(shape, most);
    this.ascent = new Ascent(shape, lookups, forest, taken);
    this.taken = taken;
    this.followed = new int[shape.members().size()];
  }

  /**
   * As {@link #of}, but no more than the roots themselves: whether each may go, as far as it alone
   * decides.
   */
  public Forest rootsAlone(PackedRows roots) {
    plant(roots);
    return forest;
  }

  /** The trees of roots; roots that are not there are left out. */
  public Forest of(PackedRows roots) {
    PackedRows asked = roots;
    while (asked.size() > 0) {
      plant(asked);
      grow();
      asked = ascent.reach(referringRoots());
    }
    referrers.forEach(this::settle);
    if (leaves == Leaves.APART) {
      forest.leaveLeavesApart();
    }
    forest.settle();
    return forest;
  }

  private void plant(PackedRows keys) {
    Member member = shape.root();
    int width = member.key().columns().size();
    lookups.lookUp(
        member.table(),
        keys,
        member.items(),
        row -> {
          plant(member, row, width);
          return true;
        });
    judge.latest(forest, lookups, forest::keepRoot);
  }

  private void plant(Member member, Row row, int offset) {
    Row key = row.slice(0, offset);
    if (forest.roots().find(row, offset) >= 0 || departed.has(member.table().name(), key)) {
      return;
    }
    Optional<Stay> stay = judge.judge(row, offset);
    if (stay.isEmpty() && judge.held(key)) {
      stay = Optional.of(new Stay(Reason.HOLD, "restored"));
    }
    if (stay.filter(RootJudge::noRoot).isPresent() && ascent.asked(key)) {
      ascent.rejected(key);
      return;
    }
    int root = forest.plant(row, offset);
    ascent.planted(key, root);
    judge.time().ifPresent(time -> forest.roots().time(root, time));
    digest(member, root, row, offset);
    if (stay.isPresent()) {
      forest.keepRoot(root, stay.get());
    } else {
      judge.grouped(root, row, offset);
    }
  }

  private void digest(Member member, int at, Row row, int offset) {
    if (member.width() > 0) {
      digest.update(row, offset + member.digestFrom(), offset + member.width());
      forest.found(member).digest(at, digest.high(), digest.low());
    }
  }

  private void grow() {
    boolean more = true;
    while (more) {
      more = false;
      for (Member member : shape.members()) {
        int from = followed[member.number()];
        int to = forest.found(member).size();
        if (from < to) {
          followed[member.number()] = to;
          member.referred().forEach((edge, at) -> followAll(member, edge, at, from, to));
          more = true;
        }
      }
    }
  }

  private void followAll(Member member, Edge edge, int[] at, int from, int to) {
    if (leaves == Leaves.APART && shape.leaves().containsValue(edge)) {
      return;
    }
    for (int some = from; some < to; some += STRETCH) {
      follow(member, edge, at, some, Math.min(to, some + STRETCH));
    }
  }

  /** Asks for the rows that refer to a stretch of the rows found over one edge. */
  private void follow(Member member, Edge edge, int[] at, int from, int to) {
    PackedRows values = new PackedRows(at.length);
    List<List<Integer>> rows = new ArrayList<>();
    Map<ByteBuffer, Integer> known = new HashMap<>();
    Row row = new Row(member.keptWidth());
    for (int i = from; i < to; i++) {
      forest.found(member).row(i, row);
      Optional<Row> value = complete(row, at);
      if (value.isPresent() && forest.stay(forest.tree(member, i)).isEmpty()) {
        Integer number = known.putIfAbsent(CanonicalBuffer.of(value.get()), values.size());
        if (number == null) {
          values.add(value.get(), 0);
          rows.add(new ArrayList<>(1));
          number = rows.size() - 1;
        }
        rows.get(number).add(i);
      }
    }
    if (values.size() == 0) {
      return;
    }
    if (edge.child() < 0) {
      new Outsiders(lookups, departed)
          .count(edge, values, (value, number) -> keep(edge, member, rows.get(value), number));
      return;
    }
    Member child = shape.members().get(edge.child());
    if (leaves == Leaves.COUNTED && shape.leaves().containsValue(edge)) {
      count(edge, child, values, number -> forest.tree(member, rows.get(number).get(0)));
      return;
    }
    lookups.referring(
        new ReferringRows(edge.key(), edge.from(), values),
        child.items(),
        found -> {
          for (int parent : rows.get((int) found.integer(0))) {
            take(edge, child, found, forest.tree(member, parent));
          }
          return true;
        });
    RootJudge own = due.get(child);
    if (own != null) {
      own.latest(forest, lookups, (late, why) -> keepDue(edge, forest.tree(child, late)));
    }
  }

  /** Rows of no table of the tree refer to some of its rows. */
  private void keep(Edge edge, Member member, List<Integer> parents, long number) {
    parents.stream()
        .map(parent -> forest.tree(member, parent))
        .distinct()
        .forEach(tree -> forest.keep(tree, Stay.referredTo(edge, number)));
  }

  private void keepDue(Edge edge, int tree) {
    forest.keep(tree, Stay.referredTo(edge, 1));
  }

  /** Counts the rows of a leaf table, and those that keep their trees. */
  private void count(Edge edge, Member child, PackedRows values, IntUnaryOperator treeOf) {
    lookups.countReferring(
        new ReferringRows(edge.key(), edge.from(), values),
        counted -> {
          int tree = treeOf.applyAsInt((int) counted.integer(0));
          int rows = (int) Math.min(Integer.MAX_VALUE, counted.integer(1));
          if (forest.full(tree, rows)) {
            forest.keep(tree, Forest.TOO_LARGE);
          } else {
            forest.add(child, tree, rows);
          }
          return true;
        });
    for (Guard guard : child.guards()) {
      Condition fails = new Condition.Not(guard.condition());
      lookups.countReferring(
          new ReferringRows(edge.key(), edge.from(), values, List.of(fails)),
          counted -> {
            forest.keep(treeOf.applyAsInt((int) counted.integer(0)), child.stay(guard));
            return true;
          });
    }
  }

  /** Picks values of a row; empty if one is null, which refers to nothing. */
  static Optional<Row> complete(Row row, int[] at) {
    Row picked = new Row(at.length);
    for (int i = 0; i < at.length; i++) {
      if (row.isNull(at[i])) {
        return Optional.empty();
      }
      picked.set(i, row, at[i]);
    }
    return Optional.of(picked);
  }

  private void take(Edge edge, Member child, Row row, int tree) {
    if (forest.stay(tree).isPresent()) {
      return;
    }
    Found found = forest.found(child);
    if (departed.any(child.table().name()) && departed.has(child.table().name(), child.key(row))) {
      return;
    }
    if (!edge.follows()) {
      refer(edge, child, row, tree);
      return;
    }
    int known = child.indexed() ? found.find(row, 1) : -1;
    if (known >= 0) {
      forest.unite(tree, forest.tree(child, known));
      ascent.reached(child, known, edge);
    } else if (forest.full(tree, 1)) {
      forest.keep(tree, Forest.TOO_LARGE);
      return;
    } else if (edge.effect() == Edge.Effect.FOLLOW_IF_DUE && !isDue(child, row)) {
      keepDue(edge, tree);
    } else {
      int at = forest.add(child, row, 1, tree);
      ascent.reached(child, at, edge);
      digest(child, at, row, 1);
      RootJudge own = due.get(child);
      if (own == null) {
        guard(child, row, found.key(at), tree);
      } else {
        own.grouped(at, row, 1);
      }
    }
  }

  private boolean isDue(Member child, Row row) {
    RootJudge own = Objects.requireNonNull(due.get(child));
    return own.judge(row, 1).isEmpty() && !own.held(child.key(row));
  }

  private void guard(Member child, Row row, Row key, int tree) {
    child.guard(row, 1, key).ifPresent(why -> forest.keep(tree, why));
  }

  /** A row that stays where it is: it is settled once it is known what else goes. */
  private void refer(Edge edge, Member child, Row row, int tree) {
    Row kept = new Row(child.keptWidth());
    child.keep(row, 1, kept);
    Row key = kept.slice(0, child.key().columns().size());
    referrers.add(
        new Referrer(edge, key, child.record(edge, kept), child.archived(edge, kept), tree));
    if (edge.effect() == Edge.Effect.DETACH && child.held(row, 1, key)) {
      forest.keep(tree, new Stay(Reason.HOLD, "a row of " + child.table().name()));
    }
  }

  /** The roots not found yet that refer to others and protect them if they stay. */
  private List<Row> referringRoots() {
    return referrers.stream()
        .filter(each -> each.edge().child() == 0 && each.edge().effect() == Edge.Effect.PROTECT)
        .map(Referrer::key)
        .filter(key -> forest.roots().find(key) < 0 && !taken(key))
        .toList();
  }

  private boolean taken(Row root) {
    return taken.filter(roots -> roots.has(root)).isPresent();
  }

  private boolean goesBefore(Row root) {
    return taken.filter(roots -> roots.goes(root)).isPresent();
  }

  private void settle(Referrer referrer) {
    Edge edge = referrer.edge();
    Member child = shape.members().get(edge.child());
    int at = forest.found(child).find(referrer.key());
    if (edge.effect() == Edge.Effect.DETACH) {
      if (at >= 0 && forest.tree(child, at) != forest.tree(referrer.root())) {
        forest.before(forest.tree(child, at), forest.tree(referrer.root()));
      }
      forest.detach(
          new Forest.Detached(
              edge,
              referrer.key(),
              referrer.record(),
              referrer.archived(),
              referrer.root(),
              at < 0 ? -1 : forest.tree(child, at)));
    } else if (at < 0 && (edge.child() != 0 || !goesBefore(referrer.key()))) {
      forest.keep(referrer.root(), Stay.referredTo(edge, 1));
    } else if (at >= 0 && forest.tree(child, at) != forest.tree(referrer.root())) {
      forest.keepsUnlessBefore(forest.tree(child, at), forest.tree(referrer.root()));
    }
  }
}
