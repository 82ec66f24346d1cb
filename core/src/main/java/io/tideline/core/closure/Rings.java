package io.tideline.core.closure;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Dependent.OnRoot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The order in which the tables of several policies are cleaned: those first whose rows, or rows
 * that go with them, refer to others'; but a root's first, whose trees take rows more safely than
 * the policy of these does. Tables that refer to each other in a ring have no order: their rows go
 * together.
 */
final class Rings {
  private final List<TableRules> tables;
  private final Function<Dependent, TableName> named;
  private List<Set<Integer>> first;
  private int[] component;
  private final List<Set<TableName>> leaving = new ArrayList<>();

  /**
   * @param referrers the foreign keys that refer to a table
   * @param named the table of a dependent
   */
  Rings(
      List<TableRules> tables,
      Function<Table, List<ForeignKey>> referrers,
      Function<Dependent, TableName> named) {
    this.tables = tables;
    this.named = named;
    tables.forEach(each -> leaving.add(leaving(each)));
    first = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      Set<TableName> referring = new HashSet<>();
      for (TableRules each : tables) {
        if (leaving.get(i).contains(each.table().name())) {
          referrers.apply(each.table()).forEach(key -> referring.add(key.from()));
        }
      }
      first.add(before(i, referring));
    }
    component = components(first);
    for (int root = 0; root < tables.size(); root++) {
      for (int other : List.copyOf(first.get(root))) {
        if (saferWith(root, other)) {
          turn(root, other);
        }
      }
    }
  }

  private static int[] components(List<Set<Integer>> first) {
    return Components.of(
        first.stream().map(each -> each.stream().mapToInt(Integer::intValue).toArray()).toList());
  }

  /** Whether the trees of a table take all that another's policy takes, and more safely. */
  private boolean saferWith(int root, int other) {
    Optional<Action> own = actions(tables.get(other)).max(Comparator.naturalOrder());
    if (own.isEmpty() || !leaving.get(root).containsAll(leaving.get(other))) {
      return false;
    }
    TableName name = tables.get(other).table().name();
    Stream<Action> inTree =
        tables.get(root).rules().stream()
            .filter(rule -> rule.acts() && takes(rule).anyMatch(name::equals))
            .map(rule -> rule.policy().action());
    return Stream.concat(inTree, actions(tables.get(other)))
        .anyMatch(each -> each.saferThan(own.get()));
  }

  private static Stream<Action> actions(TableRules rules) {
    return rules.rules().stream().filter(Rule::acts).map(rule -> rule.policy().action());
  }

  /** Lets a root's table go before another, unless tables came into a ring that were in none. */
  private void turn(int root, int other) {
    List<Set<Integer>> turned = new ArrayList<>();
    first.forEach(each -> turned.add(new TreeSet<>(each)));
    turned.get(root).remove(other);
    turned.get(other).add(root);
    int[] rings = components(turned);
    if (noLarger(rings)) {
      first = turned;
      component = rings;
    }
  }

  /** Whether tables that are together in a ring were so before. */
  private boolean noLarger(int[] rings) {
    for (int i = 0; i < rings.length; i++) {
      for (int j = 0; j < i; j++) {
        if (rings[i] == rings[j] && component[i] != component[j]) {
          return false;
        }
      }
    }
    return true;
  }

  private Set<TableName> leaving(TableRules rules) {
    Set<TableName> names = new HashSet<>();
    names.add(rules.table().name());
    for (Rule rule : rules.rules()) {
      if (rule.acts()) {
        takes(rule).forEach(names::add);
      }
    }
    return names;
  }

  private Stream<TableName> takes(Rule rule) {
    return rule.policy().dependents().stream()
        .filter(each -> each.on() == OnRoot.DELETE)
        .map(named);
  }

  /** The tables whose rows that leave are among those that refer. */
  private Set<Integer> before(int table, Set<TableName> referring) {
    Set<Integer> first = new TreeSet<>();
    for (int other = 0; other < tables.size(); other++) {
      if (other != table && leaving.get(other).stream().anyMatch(referring::contains)) {
        first.add(other);
      }
    }
    return first;
  }

  /** The tables in their order. */
  List<TableRules> inOrder() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingInt(i -> component[i]));
    return order.stream().map(tables::get).toList();
  }

  /** The other tables of the ring that a table is in, of which a policy acts. */
  List<TableRules> with(TableName table) {
    List<TableRules> others = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      for (int j = 0; j < tables.size(); j++) {
        boolean acts = tables.get(j).rules().stream().anyMatch(Rule::acts);
        if (i != j
            && acts
            && component[i] == component[j]
            && tables.get(i).table().name().equals(table)) {
          others.add(tables.get(j));
        }
      }
    }
    return others;
  }
}
