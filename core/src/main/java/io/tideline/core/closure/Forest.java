package io.tideline.core.closure;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.SegmentColumns;
import io.tideline.core.rule.HumanKey;
import io.tideline.plan.Reason;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trees of rows: each begins with one root and takes in what goes with it. Trees that share a row
 * become one. A tree has a number, that of the first of its roots.
 */
public final class Forest {
  /** Why a tree of more rows than the policy lets go stays. */
  static final Stay TOO_LARGE = new Stay(Reason.TREE_TOO_LARGE, "");

  private final Shape shape;
  private final int most;
  private final List<Found> found = new ArrayList<>();
  private final List<Detached> detached = new ArrayList<>();
  private final Set<Long> keeping = new HashSet<>();
  private final Set<Long> ordered = new HashSet<>();
  private final BitSet staying = new BitSet();
  private List<Integer> goingTrees = List.of();
  private List<Integer> tooLarge = List.of();
  private final Map<Integer, int[]> counts = new HashMap<>();
  private boolean leavesApart;
  private int[] parent = new int[64];
  private int[] size = new int[64];
  private @Nullable Stay[] stays = new Stay[64];

  /**
   * A row whose referring columns become NULL when a tree goes.
   *
   * @param edge the foreign key
   * @param key the row's key
   * @param record the values of {@link #columns}, by which a run tells the row
   * @param archived what an archive keeps: the values of {@link #archived(Edge)}
   * @param root a root of the tree that it refers to
   * @param own the tree that it belongs to itself; -1 if to none
   */
  public record Detached(Edge edge, Row key, Row record, Row archived, int root, int own) {
    /** Whether nothing but a hidden key, which may change, names the row. */
    boolean nameless() {
      return edge.from().key().orElseThrow().hidden()
          && (HumanKey.onlyHidden(edge.from())
              || HumanKey.columns(edge.from()).stream()
                  .anyMatch(column -> record.isNull(columns(edge).indexOf(column))));
    }

    /** The key's columns, a declared key where that is hidden, and the columns that refer. */
    public static List<String> columns(Edge edge) {
      Set<String> columns = new LinkedHashSet<>(edge.from().key().orElseThrow().columns());
      columns.addAll(HumanKey.columns(edge.from()));
      columns.addAll(edge.key().columns());
      return List.copyOf(columns);
    }

    /**
     * What an archive keeps: those columns, then all others where a row may have nothing but a
     * hidden key, which may change: its other values then tell which row it was.
     */
    public static List<String> archived(Edge edge) {
      Set<String> columns = new LinkedHashSet<>(columns(edge));
      if (mayBeNameless(edge.from())) {
        SegmentColumns.of(edge.from()).forEach(column -> columns.add(column.name()));
      }
      return List.copyOf(columns);
    }

    private static boolean mayBeNameless(Table from) {
      return from.key().orElseThrow().hidden()
          && (HumanKey.onlyHidden(from)
              || HumanKey.columns(from).stream()
                  .anyMatch(name -> from.column(name).filter(Column::nullable).isPresent()));
    }
  }

  /**
   * @param most how many rows a tree has at most that goes
   */
  Forest(Shape shape, int most) {
    this.shape = shape;
    this.most = most;
    shape.members().forEach(member -> found.add(new Found(member)));
  }

  /** The tables and their relations. */
  public Shape shape() {
    return shape;
  }

  /** The rows of a table. */
  public Found found(Member member) {
    return found.get(member.number());
  }

  /** The roots, in the order they were found. */
  public Found roots() {
    return found.get(0);
  }

  /** The rows found or counted, of every table. */
  public int rows() {
    return found.stream().mapToInt(Found::size).sum()
        + counts.values().stream().flatMapToInt(Arrays::stream).sum();
  }

  /** The rows of a table that belong to some trees, found or counted. */
  public long count(Member member, IntPredicate trees) {
    int[] counted = counts.get(member.number());
    Found rows = found(member);
    long count = 0;
    for (int i = 0; i < rows.size(); i++) {
      count += trees.test(tree(member, i)) ? 1 : 0;
    }
    for (int root = 0; counted != null && root < counted.length; root++) {
      count += counted[root] > 0 && trees.test(tree(root)) ? counted[root] : 0;
    }
    return count;
  }

  /** Adds rows to a tree that are known by their number only. */
  void add(Member member, int tree, int rows) {
    int[] counted = counts.computeIfAbsent(member.number(), number -> new int[parent.length]);
    if (counted.length < parent.length) {
      counted = Arrays.copyOf(counted, parent.length);
      counts.put(member.number(), counted);
    }
    counted[tree(tree)] += rows;
    size[tree(tree)] += rows;
  }

  /** Whether rows of {@link Shape#leaves} were not looked for. */
  public boolean leavesApart() {
    return leavesApart;
  }

  void leaveLeavesApart() {
    leavesApart = true;
  }

  /** The tree of a row. */
  public int tree(Member member, int row) {
    return tree(found(member).foundIn(row));
  }

  /** The tree that a root belongs to now. */
  public int tree(int root) {
    int at = root;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }

  /** The trees that go, those that refer to others first. */
  public List<Integer> going() {
    return goingTrees;
  }

  /** The trees that stay for their size alone, those that refer to others first. */
  List<Integer> tooLarge() {
    return tooLarge;
  }

  /** Whether a tree has more rows than go in one transaction. */
  public boolean large(int tree) {
    return size(tree) > shape.rule().policy().maxTree();
  }

  /** The most rows of a tree that refer to each other in a ring. */
  int largestRing(int tree) {
    int largest = 0;
    for (List<Integer> group : shape.groups()) {
      if (shape.cyclic(group)) {
        List<Integer> sizes =
            group.stream()
                .map(number -> (int) count(shape.members().get(number), each -> each == tree))
                .toList();
        RowOrder.Values values = (member, columns, to) -> read(tree, member, columns, to);
        largest = Math.max(largest, RowOrder.of(values, shape, group, sizes).largest());
      }
    }
    return largest;
  }

  private void read(int tree, Member member, List<String> columns, RowOrder.Visitor visitor) {
    Found rows = found(member);
    Row row = new Row(member.keptWidth());
    int position = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (tree(member, i) == tree) {
        rows.row(i, row);
        visitor.row(position++, member.pick(row, columns));
      }
    }
  }

  /** Whether a tree has as many rows as may go, without so many others. */
  boolean full(int tree, int others) {
    return (long) size(tree) + others > most;
  }

  /** The number of a tree's rows. */
  public int size(int tree) {
    return size[tree(tree)];
  }

  /** Why a tree stays; empty if it goes. */
  public Optional<Stay> stay(int tree) {
    return Optional.ofNullable(stays[tree(tree)]);
  }

  /** Why a root stays, for a report: what is counted for its tree is told with one root only. */
  public Optional<Stay> toldOf(int root) {
    int tree = tree(root);
    return stay(tree).map(why -> tree == root ? why : new Stay(why.reason(), why.detail()));
  }

  /** The rows that lose a reference, of trees that go. */
  public List<Detached> detached() {
    return detached.stream()
        .filter(each -> stay(each.root()).isEmpty())
        .filter(each -> each.own() < 0 || stay(each.own()).isPresent())
        .toList();
  }

  /** The key of a root in text, as a person names it. */
  public String rootKey(int root) {
    return shape.root().name(roots().row(root));
  }

  /** Whether a root stayed when it was judged, before its tree was known. */
  public boolean staysByItself(int root) {
    return staying.get(root);
  }

  /** Notes that a root stays by itself. */
  void keepRoot(int root, Stay why) {
    staying.set(root);
    keep(root, why);
  }

  /** Begins a tree. @return its number, which is the root's */
  int plant(Row read, int offset) {
    int root = roots().add(read, offset, roots().size());
    if (root == parent.length) {
      parent = Arrays.copyOf(parent, root * 2);
      size = Arrays.copyOf(size, root * 2);
      stays = Arrays.copyOf(stays, root * 2);
    }
    parent[root] = root;
    size[root] = 1;
    return root;
  }

  /** Adds a row to a tree. @return the row's number among those of its table */
  int add(Member member, Row read, int offset, int tree) {
    size[tree(tree)]++;
    return found(member).add(read, offset, tree(tree));
  }

  /** Makes two trees one; it stays if either does. */
  void unite(int one, int other) {
    int a = tree(one);
    int b = tree(other);
    if (a != b) {
      int first = Math.min(a, b);
      int second = Math.max(a, b);
      parent[second] = first;
      size[first] += size[second];
      keep(first, stays[second]);
    }
  }

  /** Keeps a tree; the first reason stands. */
  public void keep(int tree, @Nullable Stay why) {
    int at = tree(tree);
    Stay known = stays[at];
    stays[at] = known == null || why == null ? known == null ? why : known : known.and(why);
  }

  void detach(Detached row) {
    detached.add(row);
  }

  /** Notes that a root must go before another, or with it; it keeps the other if it stays. */
  void keepsUnlessBefore(int referrer, int referred) {
    keeping.add(pair(referrer, referred));
    ordered.add(pair(referrer, referred));
  }

  /** Notes that a root should go before another, or with it, if both go. */
  void before(int referrer, int referred) {
    ordered.add(pair(referrer, referred));
  }

  private static long pair(int referrer, int referred) {
    return (long) referrer << 32 | referred;
  }

  /**
   * Settles how trees depend on each other: those that must go together become one, and what a tree
   * that stays refers to stays.
   */
  public void settle() {
    int[] component = Components.of(referrers());
    List<List<Integer>> referred = new ArrayList<>();
    Integer[] order = new Integer[component.length];
    for (int root = 0; root < component.length; root++) {
      referred.add(new ArrayList<>());
      order[root] = root;
    }
    Arrays.sort(order, Comparator.comparingInt(root -> component[root]));
    keeping.forEach(pair -> referred.get((int) (pair >>> 32)).add((int) (long) pair));
    for (int i = 1; i < order.length; i++) {
      if (component[order[i]] == component[order[i - 1]]) {
        unite(order[i], order[i - 1]);
      }
    }
    for (int root = 0; root < component.length; root++) {
      // Trees that became one are larger than each was when it was found.
      if (size(root) > most) {
        keep(root, TOO_LARGE);
      }
    }
    Set<Integer> going = new LinkedHashSet<>();
    Set<Integer> large = new LinkedHashSet<>();
    for (int from = 0, to = 0; from < order.length; from = to) {
      for (; to < order.length && component[order[to]] == component[order[from]]; to++) {
        int root = order[to];
        stay(root)
            .map(why -> new Stay(why.reason(), why.detail()))
            .ifPresent(why -> referred.get(root).forEach(other -> keep(other, why)));
      }
      if (stay(order[from]).isEmpty()) {
        going.add(tree(order[from]));
      } else if (stay(order[from]).filter(TOO_LARGE::equals).isPresent()) {
        large.add(tree(order[from]));
      }
    }
    goingTrees = List.copyOf(going);
    tooLarge = List.copyOf(large);
  }

  private List<int[]> referrers() {
    List<List<Integer>> referrers = new ArrayList<>();
    for (int root = 0; root < roots().size(); root++) {
      referrers.add(new ArrayList<>());
    }
    for (long pair : ordered) {
      referrers.get(tree((int) pair)).add(tree((int) (pair >>> 32)));
    }
    for (int root = 0; root < roots().size(); root++) {
      if (tree(root) != root) {
        referrers.get(tree(root)).add(root);
        referrers.get(root).add(tree(root));
      }
    }
    return referrers.stream()
        .map(each -> each.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  /** The keys of the rows found of a table that belong to some trees. */
  public PackedRows keys(Member member, IntPredicate trees) {
    return picked(member, trees, IntStream.range(0, member.key().columns().size()).toArray());
  }

  /** What rows of a leaf table refer to that belong to some trees. */
  public PackedRows referred(Edge leaf, IntPredicate trees) {
    Member parent = shape.members().get(leaf.parent());
    return picked(parent, trees, Objects.requireNonNull(parent.referred().get(leaf)));
  }

  private PackedRows picked(Member member, IntPredicate trees, int[] at) {
    Found rows = found(member);
    PackedRows picked = new PackedRows(at.length);
    Row row = new Row(member.keptWidth());
    for (int i = 0; i < rows.size(); i++) {
      if (trees.test(tree(member, i))) {
        rows.row(i, row);
        Closure.complete(row, at).ifPresent(values -> picked.add(values, 0));
      }
    }
    return picked;
  }
}
