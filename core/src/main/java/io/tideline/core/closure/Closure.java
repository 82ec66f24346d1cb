package io.tideline.core.closure;

import io.tideline.core.digest.RowDigest;
import io.tideline.core.rule.Guard;
import io.tideline.dialect.Item;
import io.tideline.dialect.Lookups;
import io.tideline.plan.Reason;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the trees of some roots, a table's rows at a time: each question to the database is about
 * all rows found since the last one. Whatever keeps one row of a tree keeps all of it.
 */
public final class Closure {
  private final Shape shape;
  private final Lookups lookups;
  private final RootJudge judge;
  private final Forest forest;
  private final Ascent ascent;
  private final Optional<TakenRoots> taken;
  private final int[] followed;
  private final RowDigest digest = new RowDigest();
  private final List<Referrer> referrers = new ArrayList<>();

  /** A row of a table of the tree that refers to a row of a tree and need not go with it. */
  private record Referrer(Edge edge, Row key, Row record, int root) {}

  /**
   * @param shape the tables
   * @param lookups where rows are found: a reader, or the transaction that deletes
   * @param taken the roots that were taken before; then roots are taken in that were not asked for,
   *     where trees share rows or refer to each other. If empty, such trees stay
   */
  public Closure(Shape shape, Lookups lookups, Optional<TakenRoots> taken) {
    this.shape = shape;
    this.lookups = lookups;
    this.judge = new RootJudge(shape);
    this.forest = new Forest(shape);
    this.ascent = new Ascent(shape, lookups, forest, taken);
    this.taken = taken;
    this.followed = new int[shape.members().size()];
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
    judge.latest(forest, lookups);
  }

  private void plant(Member member, Row row, int offset) {
    Row key = row.slice(0, offset);
    if (forest.roots().find(row, offset) >= 0) {
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
          member.referred().forEach((edge, at) -> follow(member, edge, at, from, to));
          more = true;
        }
      }
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
    Member child = shape.members().get(edge.child());
    List<Item> items = child.items();
    lookups.referring(
        edge.key(),
        edge.from(),
        values,
        items,
        found -> {
          for (int parent : rows.get((int) found.integer(0))) {
            take(edge, child, found, forest.tree(member, parent));
          }
          return true;
        });
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
    if (edge.effect() != Edge.Effect.FOLLOW) {
      refer(edge, child, row, tree);
      return;
    }
    int known = child.indexed() ? found.find(row, 1) : -1;
    if (known >= 0) {
      forest.unite(tree, forest.tree(child, known));
      ascent.reached(child, known, edge);
    } else if (forest.size(tree) >= shape.rule().policy().maxTree()) {
      forest.keep(tree, Forest.TOO_LARGE);
      return;
    } else {
      int at = forest.add(child, row, 1, tree);
      ascent.reached(child, at, edge);
      digest(child, at, row, 1);
      guard(child, row, found.key(at), tree);
    }
  }

  private void guard(Member child, Row row, Row key, int tree) {
    int failed = child.failed(row, 1);
    if (failed >= 0) {
      Guard guard = child.guards().get(failed);
      forest.keep(tree, new Stay(guard.reason(), detail(child, guard)));
    } else if (child.rules().holds().judgesRows() && child.rules().holds().mayHold(key)) {
      forest.keep(tree, new Stay(Reason.HOLD, "a row of " + child.table().name()));
    }
  }

  private static String detail(Member child, Guard guard) {
    return guard.detail().isEmpty() ? "a row of " + child.table().name() : guard.detail();
  }

  /** A row that stays where it is: it is settled once it is known what else goes. */
  private void refer(Edge edge, Member child, Row row, int tree) {
    Row kept = new Row(child.keptWidth());
    child.keep(row, 1, kept);
    Row record =
        edge.effect() == Edge.Effect.DETACH
            ? child.pick(kept, Forest.Detached.columns(edge))
            : new Row(0);
    Row key = kept.slice(0, child.key().columns().size());
    referrers.add(new Referrer(edge, key, record, tree));
    boolean held =
        child.rules().holds().mayHold(key)
            || child.failed(row, 1) >= 0
                && child.guards().get(child.failed(row, 1)).reason() == Reason.HOLD;
    if (edge.effect() == Edge.Effect.DETACH && held) {
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
              referrer.root(),
              at < 0 ? -1 : forest.tree(child, at)));
    } else if (at < 0 && (edge.child() != 0 || !taken(referrer.key()))) {
      forest.keep(referrer.root(), new Stay(Reason.REFERRED_TO, edge.key().display()));
    } else if (at >= 0 && forest.tree(child, at) != forest.tree(referrer.root())) {
      forest.keepsUnlessBefore(forest.tree(child, at), forest.tree(referrer.root()));
    }
  }
}
