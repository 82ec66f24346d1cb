package io.tideline.core.closure;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.archive.SegmentColumns;
import io.tideline.core.rule.Guard;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Database;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Reason;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import io.tideline.policy.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the shape of a policy's trees in the catalogue. */
public final class ShapeFinder {
  private final Database database;
  private final Catalogue catalogue;
  private final List<TableRules> tables;
  private final List<Reference> references;

  /**
   * @param tables the rules of every table that a policy names
   * @param references relations that the schema does not declare
   */
  public ShapeFinder(
      Database database, Catalogue catalogue, List<TableRules> tables, List<Reference> references) {
    this.database = database;
    this.catalogue = catalogue;
    this.tables = tables;
    this.references = references;
  }

  /** Whether the rows of a policy are more than rows of its own table without relations. */
  public boolean trees(TableRules rules, Rule rule) {
    return !rule.policy().dependents().isEmpty()
        || referrers(rules.table()).size() > rules.table().referrers().size()
        || referrers(rules.table()).stream()
            .anyMatch(key -> key.from().equals(rules.table().name()));
  }

  /**
   * The shape of a policy's trees.
   *
   * @param whole whether rows that are archived are read whole, to compare them with their copies
   */
  public Shape of(TableRules root, Rule rule, boolean whole) {
    Policy policy = rule.policy();
    requireCopies(policy);
    Map<TableName, Integer> numbers = new LinkedHashMap<>();
    numbers.put(root.table().name(), 0);
    Map<Integer, List<Dependent>> dependents = new LinkedHashMap<>();
    for (Dependent each : policy.dependents()) {
      TableName name = database.resolve(catalogue, each.table()).name();
      int number = numbers.computeIfAbsent(name, n -> numbers.size());
      dependents.computeIfAbsent(number, n -> new ArrayList<>()).add(spelt(each));
    }
    List<Edge> edges = new ArrayList<>();
    List<TableRules> rules = new ArrayList<>();
    numbers.forEach((name, number) -> rules.add(rules(name, number, numbers, dependents, edges)));
    requireReached(policy, rules, edges);
    List<Member> members = new ArrayList<>();
    for (TableRules each : rules) {
      members.add(member(members.size(), each, rule, whole));
    }
    return Shape.of(rule, members, edges);
  }

  private Dependent spelt(Dependent dependent) {
    Table table = database.resolve(catalogue, dependent.table());
    List<String> via =
        dependent.via().stream().map(name -> database.resolveColumn(table, name)).toList();
    return new Dependent(dependent.table(), via, dependent.on());
  }

  /** The rules of a table, protected by those foreign keys only that are no edges. */
  private TableRules rules(
      TableName name,
      int number,
      Map<TableName, Integer> numbers,
      Map<Integer, List<Dependent>> dependents,
      List<Edge> edges) {
    TableRules rules =
        tables.stream().filter(t -> t.table().name().equals(name)).findFirst().orElseThrow();
    List<ForeignKey> outsiders = new ArrayList<>();
    for (ForeignKey key : referrers(rules.table())) {
      Integer child = numbers.get(key.from());
      Optional<Table> from = catalogue.table(key.from());
      if (child == null || from.isEmpty() || from.get().key().isEmpty()) {
        outsiders.add(key);
      } else {
        Edge.Effect effect = effect(key, child, number, dependents.getOrDefault(child, List.of()));
        edges.add(new Edge(key, from.get(), child, number, effect));
      }
    }
    return rules.protectedBy(outsiders);
  }

  private static Edge.Effect effect(
      ForeignKey key, int child, int parent, List<Dependent> dependents) {
    if (child == 0) {
      return Edge.Effect.PROTECT; // a root goes for its own age only
    }
    Optional<Dependent> meant =
        dependents.stream()
            .filter(each -> each.via().equals(key.columns()))
            .findFirst()
            .or(() -> dependents.stream().filter(each -> each.via().isEmpty()).findFirst());
    return meant
        .map(
            each ->
                switch (each.on()) {
                  case DELETE -> Edge.Effect.FOLLOW;
                  case DETACH -> Edge.Effect.DETACH;
                  case KEEP -> Edge.Effect.PROTECT;
                })
        .orElse(Edge.Effect.PROTECT);
  }

  /** Every foreign key that refers to a table, the declared ones included. */
  private List<ForeignKey> referrers(Table table) {
    List<ForeignKey> keys = new ArrayList<>(table.referrers());
    for (Reference each : references) {
      Table to = database.resolve(catalogue, each.to());
      if (to.name().equals(table.name())) {
        Table from = database.resolve(catalogue, each.table());
        keys.add(
            ForeignKey.declared(
                from.name(),
                each.columns().stream().map(c -> database.resolveColumn(from, c)).toList(),
                to.name(),
                each.toColumns().stream().map(c -> database.resolveColumn(to, c)).toList()));
      }
    }
    return keys.stream().filter(key -> !key.toColumns().isEmpty()).toList();
  }

  private static void requireCopies(Policy policy) {
    if (policy.stepwise() && policy.action() != Action.ARCHIVE) {
      throw new TidelineException(
          ErrorCode.POLICY_INVALID,
          "Cannot run policy '"
              + policy.name()
              + "': 'large_trees: stepwise' needs 'action: archive', for what went before a tree turns"
              + " out to stay is put back from its copy.",
          "Nothing was changed.",
          "Use 'action: archive', or leave 'large_trees' out: larger trees then stay.");
    }
  }

  private static void requireReached(Policy policy, List<TableRules> rules, List<Edge> edges) {
    for (int i = 1; i < rules.size(); i++) {
      int number = i;
      if (edges.stream().noneMatch(e -> e.child() == number && e.parent() != number)) {
        throw new TidelineException(
            ErrorCode.POLICY_INVALID,
            "Cannot run policy '"
                + policy.name()
                + "': its dependent "
                + rules.get(i).table().name()
                + " refers to no table of the tree.",
            "Nothing was changed.",
            "Leave it out, add the tables between, or declare the relation under 'references:'.");
      }
    }
  }

  private static Member member(int number, TableRules rules, Rule rule, boolean whole) {
    Action action = rule.policy().action();
    for (Rule each : rules.rules()) {
      action = safer(action, each.policy().action());
    }
    List<Guard> guards =
        number == 0 ? new ArrayList<>(rules.guards(rule)) : new ArrayList<>(rules.protections());
    boolean archived = action == Action.ARCHIVE;
    if (archived && (number > 0 || rule.policy().action() != Action.ARCHIVE)) {
      guards.add(
          new Guard(new Condition.ValuesAtMost(rule.policy().maxValue()), Reason.TOO_LARGE, ""));
    }
    List<String> columns =
        archived && whole
            ? SegmentColumns.of(rules.table()).stream().map(c -> c.name()).toList()
            : List.of();
    return new Member(number, rules, guards, action, columns);
  }

  /** Archived is safer than moved, moved is safer than deleted. */
  private static Action safer(Action one, Action other) {
    List<Action> safest = List.of(Action.ARCHIVE, Action.MOVE, Action.DELETE);
    return safest.indexOf(one) <= safest.indexOf(other) ? one : other;
  }
}
