package io.tideline.core.closure;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Column;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the shape of a policy's trees in the catalogue. */
public final class ShapeFinder {
  private final Database database;
  private final Catalogue catalogue;
  private final List<TableRules> tables;
  private final List<Reference> references;
  private final Rings rings;

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
    this.rings = new Rings(tables, this::referrers, this::table);
  }

  private TableName table(Dependent dependent) {
    return database.resolve(catalogue, dependent.table()).name();
  }

  /** Whether rows of a policy go as trees: something can refer to them. */
  public boolean trees(TableRules rules, Rule rule) {
    return !rule.policy().dependents().isEmpty() || !referrers(rules.table()).isEmpty();
  }

  /** The rules in the order in which their rows leave, those of tables that refer first. */
  public List<TableRules> inOrder() {
    return rings.inOrder();
  }

  /**
   * The shape of a policy's trees.
   *
   * @param whole whether rows that are archived are read whole, to compare them with their copies
   */
  public Shape of(TableRules root, Rule rule, boolean whole) {
    requireCopies(rule.policy());
    Draft draft = new Draft(root.table().name());
    draft.add(rule.policy());
    int own = draft.numbers.size();
    draft.join(rings.with(root.table().name()));
    List<Edge> edges = new ArrayList<>();
    List<TableRules> rules = new ArrayList<>();
    draft.numbers.forEach((name, number) -> rules.add(rules(name, number, draft, edges)));
    requireReached(rule.policy(), rules.subList(0, own), edges);
    List<Member> members = new ArrayList<>();
    for (TableRules each : rules) {
      Optional<Rule> due = Optional.ofNullable(draft.due.get(members.size()));
      members.add(member(members.size(), each, rule, due, whole));
    }
    return Shape.of(rule, members, edges);
  }

  /** A dependent of a policy, whose other tables it may refer to. */
  private record Meant(Policy policy, Dependent dependent) {}

  /** The tables of a shape in the making. */
  private final class Draft {
    private final Map<TableName, Integer> numbers = new LinkedHashMap<>();
    private final Map<Integer, List<Meant>> meant = new LinkedHashMap<>();
    private final Map<Integer, Rule> due = new LinkedHashMap<>();

    Draft(TableName root) {
      numbers.put(root, 0);
    }

    private int number(TableName table) {
      return numbers.computeIfAbsent(table, name -> numbers.size());
    }

    void add(Policy policy) {
      for (Dependent each : policy.dependents()) {
        int number = number(table(each));
        meant.computeIfAbsent(number, n -> new ArrayList<>()).add(new Meant(policy, spelt(each)));
      }
    }

    /** Takes in tables of a ring, as far as their rows refer to rows of this tree. */
    void join(List<TableRules> ring) {
      List<TableRules> left = new ArrayList<>(ring);
      left.removeIf(other -> numbers.containsKey(other.table().name()));
      for (boolean more = true; more; ) {
        Optional<TableRules> next = left.stream().filter(this::referring).findFirst();
        next.ifPresent(
            other -> {
              Rule first = other.rules().stream().filter(Rule::acts).findFirst().orElseThrow();
              due.put(number(other.table().name()), first);
              add(first.policy());
              left.remove(other);
            });
        more = next.isPresent();
      }
    }

    private boolean referring(TableRules other) {
      return other.table().references().stream().anyMatch(key -> numbers.containsKey(key.to()))
          || references.stream()
              .filter(each -> resolved(each.table()).equals(other.table().name()))
              .anyMatch(each -> numbers.containsKey(resolved(each.to())));
    }

    private TableName resolved(String table) {
      return database.resolve(catalogue, table).name();
    }

    Edge.Effect effect(ForeignKey key, int child) {
      if (child == 0) {
        return Edge.Effect.PROTECT; // a root goes for its own age only
      }
      List<Meant> all =
          meant.getOrDefault(child, List.of()).stream()
              .filter(each -> tree(each.policy()).contains(key.to()))
              .toList();
      return all.stream()
          .map(Meant::policy)
          .distinct() // what the policy itself says counts more than what others say
          .flatMap(policy -> meant(policy, key, all).stream())
          .findFirst()
          .map(each -> effect(each, key))
          .orElse(due.containsKey(child) ? Edge.Effect.FOLLOW_IF_DUE : Edge.Effect.PROTECT);
    }

    private Optional<Meant> meant(Policy policy, ForeignKey key, List<Meant> all) {
      List<Meant> said = all.stream().filter(each -> each.policy().equals(policy)).toList();
      return said.stream()
          .filter(each -> each.dependent().via().equals(key.columns()))
          .findFirst()
          .or(() -> said.stream().filter(each -> each.dependent().via().isEmpty()).findFirst());
    }

    /** The tables of a policy's own trees. */
    private Set<TableName> tree(Policy policy) {
      Set<TableName> names = new HashSet<>();
      names.add(database.resolve(catalogue, policy.table()).name());
      policy.dependents().forEach(each -> names.add(table(each)));
      return names;
    }

    private Edge.Effect effect(Meant each, ForeignKey key) {
      return switch (each.dependent().on()) {
        case DELETE -> Edge.Effect.FOLLOW;
        case KEEP -> Edge.Effect.PROTECT;
        case DETACH -> {
          requireNullable(each.policy(), key);
          yield Edge.Effect.DETACH;
        }
      };
    }
  }

  private void requireNullable(Policy policy, ForeignKey key) {
    Table from = catalogue.table(key.from()).orElseThrow();
    for (String name : key.columns()) {
      Column column = from.column(name).orElseThrow();
      if (!column.nullable() || !column.archived()) {
        throw new TidelineException(
            ErrorCode.POLICY_INVALID,
            "Cannot run policy '"
                + policy.name()
                + "': its dependent "
                + from.name()
                + " shall be detached, and its column "
                + name
                + " is "
                + (column.archived() ? "NOT NULL." : "computed."),
            "Nothing was changed.",
            "Use 'on: delete' or 'on: keep' for "
                + key.display()
                + ", or let the column hold NULL.");
      }
    }
  }

  private Dependent spelt(Dependent dependent) {
    Table table = database.resolve(catalogue, dependent.table());
    List<String> via =
        dependent.via().stream().map(name -> database.resolveColumn(table, name)).toList();
    return new Dependent(dependent.table(), via, dependent.on());
  }

  /** The rules of a table, protected by those foreign keys only that are no edges. */
  private TableRules rules(TableName name, int number, Draft draft, List<Edge> edges) {
    TableRules rules =
        tables.stream().filter(t -> t.table().name().equals(name)).findFirst().orElseThrow();
    List<ForeignKey> unknown = new ArrayList<>();
    for (ForeignKey key : referrers(rules.table())) {
      Optional<Table> from = catalogue.table(key.from());
      Integer child = draft.numbers.get(key.from());
      if (from.isEmpty()) {
        unknown.add(key);
      } else if (child == null || from.get().key().isEmpty()) {
        edges.add(new Edge(key, from.get(), -1, number, Edge.Effect.PROTECT));
      } else {
        edges.add(new Edge(key, from.get(), child, number, draft.effect(key, child)));
      }
    }
    return rules.protectedBy(unknown);
  }

  /** Every foreign key that refers to a table, the declared ones included. */
  public List<ForeignKey> referrers(Table table) {
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

  private static Member member(
      int number, TableRules rules, Rule rule, Optional<Rule> due, boolean whole) {
    Action action = rule.policy().action();
    for (Rule each : number == 0 ? List.<Rule>of() : rules.rules()) {
      action = each.policy().action().saferThan(action) ? each.policy().action() : action;
    }
    Optional<Rule> own = number == 0 ? Optional.of(rule) : due;
    List<Guard> guards = new ArrayList<>(own.map(rules::guards).orElseGet(rules::protections));
    boolean archived = action == Action.ARCHIVE;
    if (archived && own.filter(r -> r.policy().action() == Action.ARCHIVE).isEmpty()) {
      guards.add(
          new Guard(new Condition.ValuesAtMost(rule.policy().maxValue()), Reason.TOO_LARGE, ""));
    }
    List<String> columns =
        archived && whole
            ? SegmentColumns.of(rules.table()).stream().map(c -> c.name()).toList()
            : List.of();
    return new Member(number, rules, guards, action, columns, due);
  }
}
