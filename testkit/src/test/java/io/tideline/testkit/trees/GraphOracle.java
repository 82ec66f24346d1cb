package io.tideline.testkit.trees;

import io.tideline.policy.Action;
import io.tideline.policy.Dependent.OnRoot;
import io.tideline.policy.Policy;
import io.tideline.testkit.Product;
import io.tideline.testkit.trees.GraphState.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Says which rows policies let go, with every row in memory and nothing of the product: slow, and
 * simple enough to be believed.
 */
final class GraphOracle {
  private final Graph graph;
  private final List<GraphPolicy> policies;
  private final Set<String> held;
  private final Set<String> stuck;

  /** What goes, as it was then, by tag. */
  final Map<String, Row> gone = new TreeMap<>();

  /** What becomes of each row that goes, by tag. */
  final Map<String, Action> actions = new TreeMap<>();

  /** How many roots and dependents of each table go with each policy, and how many are detached. */
  final Map<String, Map<Integer, long[]>> counts = new TreeMap<>();

  /** Whether the database refuses something of which no plan knows. */
  boolean refuses;

  /** The tags of rows that lost a reference. */
  final Set<String> detached = new TreeSet<>();

  /**
   * @param held the tags of rows on hold
   * @param stuck the tags of rows that triggers let nobody delete or update
   */
  GraphOracle(Graph graph, List<GraphPolicy> policies, Set<String> held, Set<String> stuck) {
    this.graph = graph;
    this.policies = policies;
    this.held = held;
    this.stuck = stuck;
  }

  /** One or several trees that share rows. */
  private static final class Unit {
    final Set<Row> roots = new LinkedHashSet<>();
    final Set<Row> rows = new LinkedHashSet<>();
    boolean stays;
  }

  /**
   * Carries policies out in an order.
   *
   * @return the rows that are live then
   */
  GraphState run(GraphState before, List<String> order) {
    GraphState state = before.copy();
    for (String name : order) {
      GraphPolicy policy =
          policies.stream().filter(p -> p.policy().name().equals(name)).findFirst().orElseThrow();
      new Pass(policy, state).go();
    }
    return state;
  }

  /** Carries policies out again and again: what went lets others go. */
  GraphState runUntilNothingGoes(GraphState before, List<String> order) {
    GraphState state = before;
    int known;
    do {
      known = gone.size();
      state = run(state, order);
    } while (gone.size() > known);
    return state;
  }

  /** One policy. */
  private final class Pass {
    private final GraphPolicy policy;
    private final GraphState state;
    private final Map<Row, Unit> units = new HashMap<>();
    private final Map<Graph.Key, Map<List<String>, List<Row>>> referring = new HashMap<>();

    Pass(GraphPolicy policy, GraphState state) {
      this.policy = policy;
      this.state = state;
      graph.keys().forEach(key -> referring.put(key, state.referring(key)));
    }

    void go() {
      for (Row root : state.of(policy.root()).values()) {
        if (expires(policy, root)) {
          plant(root);
        }
      }
      Set<Unit> all = new LinkedHashSet<>(units.values());
      for (Unit unit : all) {
        unit.stays = staysByItself(unit);
      }
      settle(all);
      Map<Integer, long[]> count = new TreeMap<>();
      policy.members().forEach(member -> count.put(member, new long[2]));
      counts.put(policy.policy().name(), count);
      for (Unit unit : all) {
        if (!unit.stays) {
          unit.rows.forEach(row -> leave(row, count));
        }
      }
      detach(all, count);
      Set<String> left = new HashSet<>();
      all.stream().filter(u -> !u.stays).forEach(u -> u.rows.forEach(r -> left.add(r.tag())));
      left.forEach(tag -> state.remove(gone.get(tag)));
    }

    private void leave(Row row, Map<Integer, long[]> count) {
      count.get(row.table())[0]++;
      gone.put(row.tag(), row);
      actions.put(row.tag(), action(row.table()));
    }

    /** Gathers a root's tree; trees that share a row become one. */
    private void plant(Row root) {
      Deque<Row> todo = new ArrayDeque<>(List.of(root));
      Unit unit = new Unit();
      unit.roots.add(root);
      while (!todo.isEmpty()) {
        Row row = todo.remove();
        Unit other = units.get(row);
        if (other != null && other != unit) {
          unit.roots.addAll(other.roots);
          unit.rows.addAll(other.rows);
          other.rows.forEach(each -> units.put(each, unit));
        } else if (unit.rows.add(row)) {
          units.put(row, unit);
          referrers(row, OnRoot.DELETE).forEach(todo::add);
        }
      }
    }

    /** The rows that refer to a row over keys of one effect. */
    private Collection<Row> referrers(Row row, OnRoot effect) {
      Set<Row> rows = new LinkedHashSet<>();
      for (Graph.Key key : graph.keys()) {
        if (key.parent() == row.table() && policy.effect(graph, key) == effect) {
          rows.addAll(referrers(row, key));
        }
      }
      return rows;
    }

    private List<Row> referrers(Row row, Graph.Key key) {
      return row.complete(key.toColumns())
          .map(value -> referring.get(key).getOrDefault(value, List.of()))
          .orElse(List.of());
    }

    private boolean staysByItself(Unit unit) {
      for (Row root : unit.roots) {
        if (earlier(root) || newest(root)) {
          return true;
        }
      }
      for (Row row : unit.rows) {
        if (held.contains(row.tag()) || stuck.contains(row.tag()) || kept(row)) {
          return true;
        }
        if (referrers(row, OnRoot.DETACH).stream().anyMatch(r -> held.contains(r.tag()))) {
          return true;
        }
      }
      return unit.rows.size() > policy.most();
    }

    /** What stays keeps what it refers to, until nothing more has to stay. */
    private void settle(Set<Unit> all) {
      Map<Unit, Set<Unit>> keeps = new HashMap<>();
      for (Unit unit : all) {
        for (Row row : unit.rows) {
          for (Row referrer : referrers(row, OnRoot.KEEP)) {
            Unit other = units.get(referrer);
            if (other == null) {
              unit.stays = true;
            } else if (other != unit) {
              keeps.computeIfAbsent(other, u -> new LinkedHashSet<>()).add(unit);
            }
          }
        }
      }
      tooLargeTogether(all, keeps);
      boolean more = true;
      while (more) {
        more = false;
        for (Unit unit : all) {
          if (!unit.stays && refusesDetach(unit)) {
            unit.stays = true;
            more = true;
          }
          for (Unit other : keeps.getOrDefault(unit, Set.of())) {
            if (unit.stays && !other.stays) {
              other.stays = true;
              more = true;
            }
          }
        }
      }
    }

    /** Trees that refer to each other in a ring go in one transaction. */
    private void tooLargeTogether(Set<Unit> all, Map<Unit, Set<Unit>> keeps) {
      Map<Unit, Set<Unit>> reach = new HashMap<>();
      for (Unit unit : all) {
        Set<Unit> seen = new LinkedHashSet<>();
        Deque<Unit> todo = new ArrayDeque<>(keeps.getOrDefault(unit, Set.of()));
        while (!todo.isEmpty()) {
          Unit next = todo.remove();
          if (seen.add(next)) {
            todo.addAll(keeps.getOrDefault(next, Set.of()));
          }
        }
        reach.put(unit, seen);
      }
      for (Unit unit : all) {
        long rows =
            reach.get(unit).stream()
                .filter(other -> reach.get(other).contains(unit))
                .mapToLong(other -> other.rows.size())
                .sum();
        unit.stays |= rows > policy.most();
      }
    }

    private boolean refusesDetach(Unit unit) {
      boolean refused = false;
      for (Row row : unit.rows) {
        for (Graph.Key key : graph.keys()) {
          if (key.parent() == row.table() && policy.effect(graph, key) == OnRoot.DETACH) {
            refused |=
                referrers(row, key).stream()
                    .filter(each -> !units.containsKey(each) || units.get(each).stays)
                    .anyMatch(
                        each -> stuck.contains(each.tag()) || key.declared() && unchangeable(each));
          }
        }
      }
      refuses |= refused;
      return refused;
    }

    /**
     * SQLite looks at every foreign key of a row to its own table when any changes, and refuses if
     * the row refers to nothing.
     */
    private boolean unchangeable(Row row) {
      return graph.product() == Product.SQLITE
          && graph.keys().stream()
              .filter(key -> key.declared() && key.child() == key.parent())
              .filter(key -> key.child() == row.table())
              .anyMatch(key -> row.complete(key.columns()).filter(v -> !there(key, v)).isPresent());
    }

    private boolean there(Graph.Key key, List<String> value) {
      return state.of(key.parent()).values().stream()
          .anyMatch(row -> row.complete(key.toColumns()).filter(value::equals).isPresent());
    }

    private void detach(Set<Unit> all, Map<Integer, long[]> count) {
      Map<String, Set<String>> columns = new LinkedHashMap<>();
      Map<String, Row> rows = new HashMap<>();
      for (Unit unit : all) {
        for (Row row : unit.stays ? Set.<Row>of() : unit.rows) {
          for (Graph.Key key : graph.keys()) {
            if (key.parent() != row.table() || policy.effect(graph, key) != OnRoot.DETACH) {
              continue;
            }
            for (Row referrer : referrers(row, key)) {
              if (!units.containsKey(referrer) || units.get(referrer).stays) {
                count.get(referrer.table())[1]++;
                rows.put(referrer.tag(), referrer);
                columns
                    .computeIfAbsent(referrer.tag(), t -> new LinkedHashSet<>())
                    .addAll(key.columns());
              }
            }
          }
        }
      }
      columns.forEach(
          (tag, nulls) -> {
            detached.add(tag);
            state.put(rows.get(tag).without(List.copyOf(nulls)));
          });
    }

    /** A policy before this one selects it too. */
    private boolean earlier(Row root) {
      for (GraphPolicy each : policies) {
        if (each.equals(policy)) {
          return false;
        }
        if (each.root() == policy.root() && expires(each, root)) {
          return true;
        }
      }
      return false;
    }

    private boolean kept(Row row) {
      return policies.stream()
          .filter(each -> each.root() == row.table() && each.policy().keepIf().isPresent())
          .anyMatch(each -> row.number("k").orElse(1) == 1);
    }

    private boolean newest(Row root) {
      return policies.stream()
          .filter(each -> each.root() == root.table())
          .map(GraphPolicy::policy)
          .anyMatch(each -> each.keepLatest().isPresent() && newest(each, root));
    }

    private boolean newest(Policy each, Row root) {
      return state.of(root.table()).values().stream()
          .filter(row -> row.at() != null && row.number("w").equals(root.number("w")))
          .sorted(Comparator.comparing(Row::at).reversed())
          .limit(each.keepLatest().orElseThrow().rows())
          .anyMatch(row -> row.tag().equals(root.tag()));
    }

    /** The safest of what the policy and those of the row's own table ask for. */
    private Action action(int table) {
      List<Action> safest = List.of(Action.ARCHIVE, Action.MOVE, Action.DELETE);
      List<Action> asked = new ArrayList<>(List.of(policy.policy().action()));
      policies.stream()
          .filter(each -> each.root() == table)
          .forEach(each -> asked.add(each.policy().action()));
      return asked.stream().min(Comparator.comparing(safest::indexOf)).orElseThrow();
    }
  }

  /** Whether a policy's age and predicate select a row. */
  static boolean expires(GraphPolicy policy, Row row) {
    Optional<Integer> w = row.number("w");
    boolean where = policy.policy().where().isEmpty() || w.isPresent() && w.get() != 3;
    return row.at() != null && row.at().compareTo(GraphPolicy.CUTOFF) < 0 && where;
  }
}
