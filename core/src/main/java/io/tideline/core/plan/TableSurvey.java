package io.tideline.core.plan;

import io.tideline.catalogue.TableName;
import io.tideline.core.closure.Departed;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.ShapeFinder;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.dialect.Item;
import io.tideline.dialect.Reader;
import io.tideline.plan.DependentRows;
import io.tideline.plan.Finding;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Surveys a table for all policies on it: the rows that go, and the trees of which they are. */
final class TableSurvey {
  private final TableRules rules;
  private final Reader reader;
  private final Departed departed;
  private final Map<Integer, Shape> shapes = new HashMap<>();
  private final Map<Integer, List<DependentRows>> dependents = new HashMap<>();
  private final Map<Integer, Long> stepwise = new HashMap<>();
  private List<Tally> tallies;

  /**
   * @param departed what earlier policies of the plan take; learns what these take
   */
  TableSurvey(TableRules rules, ShapeFinder finder, Reader reader, Departed departed) {
    this.rules = rules;
    this.departed = departed;
    this.reader = reader;
    this.tallies = rules.rules().stream().map(rule -> new Tally()).toList();
    for (int i = 0; i < rules.rules().size(); i++) {
      Rule rule = rules.rules().get(i);
      if (rule.acts() && finder.trees(rules, rule)) {
        shapes.put(i, finder.of(rules, rule, false));
      }
    }
  }

  /** Counts what each policy would do. */
  void count(RunListener listener) {
    listener.on(
        new RunEvent.Began("plan " + rules.table().name(), rules.table().rowEstimate().orElse(0)));
    walk(listener, -1, keys -> {});
  }

  /** Gives some columns of every row that goes by a policy to the sink. */
  void list(int wanted, List<String> columns, RowSink sink) {
    if (!shapes.containsKey(wanted)) {
      new Survey(rules, reader, RunListener.NONE, departed)
          .walk(
              columns,
              (rule, row, tally) -> {
                if (rule == wanted) {
                  sink.accept(row);
                }
              });
      return;
    }
    int key = rules.table().key().orElseThrow().columns().size();
    List<Item> items = columns.stream().<Item>map(Item.OfColumn::new).toList();
    RowSink withoutKey = row -> sink.accept(row.slice(key, key + items.size()));
    walk(RunListener.NONE, wanted, keys -> reader.lookUp(rules.table(), keys, items, withoutKey));
  }

  private void walk(RunListener listener, int wanted, Consumer<PackedRows> going) {
    if (shapes.isEmpty()) {
      tallies = new Survey(rules, reader, listener, departed).walk(remembered(), this::leaves);
      return;
    }
    Map<Integer, TreeSurvey> trees = new HashMap<>();
    TableRules guarding = shapes.values().iterator().next().root().rules();
    tallies =
        new Survey(guarding, reader, listener, departed)
            .walk(
                rules.table().key().orElseThrow().columns(),
                (rule, key, tally) -> {
                  Shape shape = shapes.get(rule);
                  if (shape != null) {
                    Consumer<PackedRows> told = rule == wanted ? going : keys -> {};
                    trees
                        .computeIfAbsent(
                            rule, r -> new TreeSurvey(shape, reader, tally, told, departed))
                        .root(key);
                  }
                });
    trees.forEach(
        (rule, tree) -> {
          dependents.put(rule, tree.end());
          stepwise.put(rule, tree.stepwise());
        });
  }

  /** The key's columns, if later policies ask whether a row is gone. */
  private List<String> remembered() {
    return departed.minds(rules.table().name())
        ? rules.table().key().orElseThrow().columns()
        : List.of();
  }

  private void leaves(int rule, Row key, Tally tally) {
    if (key.width() > 0) {
      departed.add(rules.table().name(), key);
    }
  }

  /** The policies. */
  TableRules rules() {
    return rules;
  }

  /** Whether any of the policies acts. */
  boolean acts() {
    return rules.rules().stream().anyMatch(Rule::acts);
  }

  /** The table, and those whose rows go with it. */
  Set<TableName> tables() {
    Set<TableName> names = new HashSet<>();
    names.add(rules.table().name());
    shapes.values().forEach(shape -> shape.tables().forEach(table -> names.add(table.name())));
    return names;
  }

  /** The trees of each policy that acts, by its position among the rules. */
  Map<Integer, Shape> shapes() {
    return shapes;
  }

  /** What each policy would do, in their order; empty before a walk, and for those not acting. */
  List<Tally> tallies() {
    return tallies;
  }

  /** How many trees of a policy go in several transactions. */
  long stepwise(int rule) {
    return stepwise.getOrDefault(rule, 0L);
  }

  /** What goes with the roots of a policy. */
  List<DependentRows> dependents(int rule) {
    return dependents.getOrDefault(rule, List.of());
  }

  /** What is to be told, after a walk, of the references to the rows of a policy. */
  List<Finding> references(int rule, UnnamedReferrers unnamed, Unindexed unindexed) {
    Shape shape = shapes.get(rule);
    if (shape == null) {
      return List.of();
    }
    List<Finding> found = new ArrayList<>(unnamed.look(shape, tallies.get(rule)));
    found.addAll(unindexed.look(shape, tallies.get(rule).rows(), dependents(rule)));
    return found;
  }
}
