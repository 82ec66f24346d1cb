package io.tideline.core.closure;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.policy.Dependent;
import io.tideline.policy.Dependent.OnRoot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The order in which the tables of several policies are cleaned: those first whose rows, or rows
 * that go with them, refer to others'. Tables that refer to each other in a ring have none: their
 * rows go together.
 */
final class Rings {
  private final List<TableRules> tables;
  private final Function<Dependent, TableName> named;
  private final int[] component;
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
    List<int[]> first = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      Set<TableName> referring = new HashSet<>();
      for (TableRules each : tables) {
        if (leaving.get(i).contains(each.table().name())) {
          referrers.apply(each.table()).forEach(key -> referring.add(key.from()));
        }
      }
      first.add(before(i, referring));
    }
    component = Components.of(first);
  }

  private Set<TableName> leaving(TableRules rules) {
    Set<TableName> names = new HashSet<>();
    names.add(rules.table().name());
    for (Rule rule : rules.rules()) {
      for (Dependent each : rule.policy().dependents()) {
        if (rule.acts() && each.on() == OnRoot.DELETE) {
          names.add(named.apply(each));
        }
      }
    }
    return names;
  }

  /** The tables whose rows that leave are among those that refer. */
  private int[] before(int table, Set<TableName> referring) {
    List<Integer> first = new ArrayList<>();
    for (int other = 0; other < tables.size(); other++) {
      if (other != table && leaving.get(other).stream().anyMatch(referring::contains)) {
        first.add(other);
      }
    }
    return first.stream().mapToInt(Integer::intValue).toArray();
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
