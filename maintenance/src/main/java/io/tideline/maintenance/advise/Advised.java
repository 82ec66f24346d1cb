package io.tideline.maintenance.advise;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.dialect.WhatIf;
import io.tideline.health.IndexFacts;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QuerySpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The indexes that were advised so far; they stand in the stand-in. */
final class Advised {
  /** An index that replaces a shorter one may cost its queries so many times more. */
  private static final double HARDLY = 1.25;

  private final WhatIf whatIf;
  private final Map<String, Kept> kept = new LinkedHashMap<>();
  private final Map<String, String> replaced = new LinkedHashMap<>();

  Advised(WhatIf whatIf) {
    this.whatIf = whatIf;
  }

  /** One of them, with the queries that it serves. */
  private record Kept(Trials.Trial trial, List<Use> uses) {
    Table table() {
      return trial.of().table;
    }

    IndexSpec index() {
      return trial.index();
    }
  }

  private record Use(
      QuerySpec query, Goal goal, List<@Nullable Object> values, double gain, double cost) {}

  boolean any() {
    return !kept.isEmpty();
  }

  void add(Trials.Trial trial, QuerySpec query, OneQuery.Asked asked, double gain) {
    double cost = Trials.cost(asked.base()) / gain;
    kept.computeIfAbsent(trial.index().name(), unused -> new Kept(trial, new ArrayList<>()))
        .uses()
        .add(new Use(query, asked.goal(), asked.values(), gain, cost));
  }

  /** Those that a plan uses; they serve its query too. */
  List<String> used(QuerySpec query, Goal goal, QueryPlan plan, List<@Nullable Object> values) {
    List<String> used = new ArrayList<>();
    for (Kept each : kept.values()) {
      if (Trials.uses(plan, each.index())) {
        each.uses().add(new Use(query, goal, values, 1, Trials.cost(plan)));
        used.add(each.index().name());
      }
    }
    return used;
  }

  /** Takes away those that begin another, if their queries do not miss them. */
  void dropCovered() {
    for (Kept shorter : List.copyOf(kept.values())) {
      Optional<Kept> longer =
          kept.values().stream().filter(each -> begins(shorter, each)).findFirst();
      if (longer.isEmpty()) {
        continue;
      }
      whatIf.remove(shorter.table(), shorter.index());
      if (shorter.uses().stream().allMatch(this::served)) {
        kept.remove(shorter.index().name());
        replaced.put(shorter.index().name(), longer.get().index().name());
        longer.get().uses().addAll(shorter.uses());
      } else {
        whatIf.add(shorter.table(), shorter.index());
      }
    }
  }

  private boolean served(Use use) {
    QueryPlan plan = whatIf.explain(use.query().text(), use.values());
    return use.goal().judge(plan).isEmpty() && Trials.cost(plan) <= use.cost() * HARDLY;
  }

  private static boolean begins(Kept shorter, Kept longer) {
    List<IndexColumn> few = shorter.index().columns();
    List<IndexColumn> many = longer.index().columns();
    return shorter.table().name().equals(longer.table().name())
        && shorter.index().where().equals(longer.index().where())
        && few.size() < many.size()
        && many.subList(0, few.size()).equals(few);
  }

  /** The answer, with the index that took another's place. */
  QueryAdvice renamed(QueryAdvice answer) {
    List<String> names =
        answer.indexes().stream()
            .map(name -> replaced.getOrDefault(name, name))
            .distinct()
            .toList();
    return answer.with(answer.after(), names, answer.gain());
  }

  /**
   * What is worth making, the best first: what serves most queries, then what gains most for its
   * size.
   *
   * @param real the indexes that are there
   */
  List<IndexAdvice> indexes(Catalogue catalogue, List<IndexFacts> real) {
    return kept.values().stream()
        .map(each -> advice(each, real))
        .sorted(
            Comparator.comparingInt((IndexAdvice each) -> each.queries().size())
                .thenComparingDouble(each -> each.gain() / Math.max(1, each.bytes()))
                .reversed())
        .toList();
  }

  private IndexAdvice advice(Kept each, List<IndexFacts> real) {
    Table table = each.table();
    long others = kept.values().stream().filter(k -> k.table().name().equals(table.name())).count();
    return new IndexAdvice(
        each.index(),
        table.name(),
        each.uses().stream().map(use -> use.query().name()).distinct().toList(),
        each.uses().stream().mapToDouble(Use::gain).max().orElse(1),
        each.trial().bytes(),
        (int) (table.indexes().size() + others),
        whatIf.statement(table, each.index()),
        Entry.of(each.index()),
        real.stream().filter(index -> covered(index, each)).map(IndexFacts::display).toList());
  }

  /** Whether all that an index is good for, the advised one is good for too. */
  private static boolean covered(IndexFacts there, Kept advised) {
    List<IndexColumn> columns = advised.index().columns();
    if (!there.table().equals(advised.table().name())
        || there.unique()
        || there.needed()
        || !there.predicate().isEmpty()
        || !there.include().isEmpty()
        || !advised.index().where().isEmpty()
        || there.parts().size() >= columns.size()) {
      return false;
    }
    List<IndexColumn> first = columns.subList(0, there.parts().size());
    boolean turned = there.parts().get(0).descending() != first.get(0).descending();
    for (int i = 0; i < first.size(); i++) {
      IndexFacts.Part part = there.parts().get(i);
      boolean same =
          !part.column().isEmpty()
              && part.column().equals(first.get(i).column())
              && turned == (part.descending() != first.get(i).descending());
      if (!same) {
        return false;
      }
    }
    return true;
  }
}
