package io.tideline.maintenance.advise;

import io.tideline.dialect.WhatIf;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.Breach;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QueryText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Tries indexes for one query on the stand-in, and keeps there what is best. */
final class Trials {
  /** A query over more tables than this needs no more indexes at once. */
  private static final int ROUNDS = 3;

  /** So many times cheaper is worth telling where what is expected cannot be met. */
  static final double EASED = 2;

  /** A smaller index, and one index less, may cost the query so many times more. */
  private static final double HARDLY = 1.25;

  /** A smaller index is better where it is at least so many times smaller. */
  private static final double SMALLER = 0.5;

  private final WhatIf whatIf;
  private final QueryText text;
  private final List<@Nullable Object> values;
  private final Goal goal;
  private final IndexNames names;
  private final BooleanSupplier over;

  Trials(
      WhatIf whatIf,
      QueryText text,
      List<@Nullable Object> values,
      Goal goal,
      IndexNames names,
      BooleanSupplier over) {
    this.whatIf = whatIf;
    this.text = text;
    this.values = values;
    this.goal = goal;
    this.names = names;
    this.over = over;
  }

  /**
   * An index that was tried.
   *
   * @param of the table's part in the query
   * @param index the index
   * @param plan the plan with it
   * @param breaches what is not met then
   * @param bytes about how large it is
   */
  record Trial(Mentions of, IndexSpec index, QueryPlan plan, List<Breach> breaches, long bytes) {
    double cost() {
      return Trials.cost(plan);
    }

    /**
     * How many columns are left to a filter while rows are read in order until enough are found:
     * what is rarer than the planner reckons makes that long.
     */
    long filtered() {
      return of.ordered.isEmpty()
          ? 0
          : of.equal.stream()
              .filter(name -> index.columns().stream().noneMatch(c -> c.column().equals(name)))
              .count();
    }
  }

  /**
   * Adds to the stand-in what helps.
   *
   * @param base the plan without
   * @param most what it may cost
   * @return what was added; each makes fewer breaches, or the query far cheaper
   */
  List<Trial> best(List<Mentions> mentions, QueryPlan base, double most) {
    List<Trial> kept = new ArrayList<>();
    try {
      return best(mentions, base, most, kept);
    } catch (TidelineException e) {
      kept.forEach(trial -> whatIf.remove(trial.of().table, trial.index()));
      throw e;
    }
  }

  private List<Trial> best(List<Mentions> mentions, QueryPlan base, double most, List<Trial> kept) {
    QueryPlan plan = base;
    for (int round = 0; round < ROUNDS && !reached(plan, most); round++) {
      Optional<Trial> best = round(mentions, plan);
      if (best.isEmpty()) {
        break;
      }
      keep(best.get());
      kept.add(best.get());
      plan = best.get().plan();
    }
    return withoutNeedless(kept);
  }

  private boolean reached(QueryPlan plan, double most) {
    return goal.judge(plan).isEmpty() && cost(plan) <= most;
  }

  static double cost(QueryPlan plan) {
    return plan.cost().orElse(Double.MAX_VALUE);
  }

  private Optional<Trial> round(List<Mentions> mentions, QueryPlan base) {
    Optional<Trial> likely = best(mentions, base, true);
    if (likely.filter(trial -> trial.breaches().isEmpty()).isPresent()) {
      return likely;
    }
    Optional<Trial> other = best(mentions, base, false);
    return other.filter(trial -> likely.isEmpty() || better(trial, likely.get())).or(() -> likely);
  }

  private static boolean better(Trial one, Trial other) {
    int fewer = Integer.compare(one.breaches().size(), other.breaches().size());
    return fewer < 0 || fewer == 0 && one.cost() * EASED < other.cost();
  }

  private Optional<Trial> best(List<Mentions> mentions, QueryPlan base, boolean likely) {
    List<Trial> helping = new ArrayList<>();
    int breaches = goal.judge(base).size();
    double cost = cost(base);
    for (Mentions of : mentions) {
      for (List<IndexColumn> columns : likely ? Candidates.likely(of) : Candidates.anyOrder(of)) {
        if (over.getAsBoolean()) {
          return choose(helping);
        }
        attempt(of, columns, "")
            .filter(trial -> helps(trial, breaches, cost))
            .ifPresent(helping::add);
      }
    }
    return choose(helping).map(this::smaller);
  }

  /** What meets more, but not all, of what is expected, and costs more for it, is no help. */
  private static boolean helps(Trial trial, int breaches, double cost) {
    int left = trial.breaches().size();
    boolean meetsMore = left < breaches && (left == 0 || trial.cost() < cost);
    return meetsMore || trial.cost() * EASED <= cost;
  }

  private static Optional<Trial> choose(List<Trial> helping) {
    int fewest = helping.stream().mapToInt(t -> t.breaches().size()).min().orElse(0);
    List<Trial> best = helping.stream().filter(t -> t.breaches().size() == fewest).toList();
    double cheapest = best.stream().mapToDouble(Trial::cost).min().orElse(0);
    return best.stream()
        .filter(trial -> trial.cost() <= cheapest * HARDLY)
        .min(
            Comparator.comparingLong(Trial::filtered)
                .thenComparingInt(trial -> trial.index().columns().size()));
  }

  /** Tries an index and takes it away again; empty if the plan does not use it. */
  private Optional<Trial> attempt(Mentions of, List<IndexColumn> columns, String where) {
    IndexSpec index;
    long bytes;
    try {
      index = IndexSpec.of(name(of, columns), of.table.name().toString(), columns).withWhere(where);
      bytes = whatIf.add(of.table, index);
    } catch (TidelineException e) {
      if (e.code() == ErrorCode.SQL_FAILED || e.code() == ErrorCode.PREDICATE_INVALID) {
        return Optional.empty(); // the engine makes no such index
      }
      throw e;
    }
    try {
      QueryPlan plan = whatIf.explain(text, values);
      return uses(plan, index)
          ? Optional.of(new Trial(of, index, plan, goal.judge(plan), bytes))
          : Optional.empty();
    } finally {
      whatIf.remove(of.table, index);
    }
  }

  static boolean uses(QueryPlan plan, IndexSpec index) {
    return plan.all().anyMatch(step -> step.index().endsWith(index.name()));
  }

  /** The name that the user expects, if nothing has it yet; else one of our own. */
  private String name(Mentions of, List<IndexColumn> columns) {
    return goal.names().stream()
        .filter(name -> !names.taken(name))
        .findFirst()
        .orElseGet(() -> names.of(of.table.name(), columns));
  }

  /** The same over those rows only that the query can want, if that serves and is far smaller. */
  private Trial smaller(Trial whole) {
    Trial best = whole;
    for (Mentions.Fixed fixed : whole.of().fixed) {
      List<IndexColumn> rest =
          whole.index().columns().stream()
              .filter(column -> !fixed.equality() || !column.column().equals(fixed.column()))
              .toList();
      boolean other = rest.size() < whole.index().columns().size() || !fixed.equality();
      if (!rest.isEmpty() && other && !over.getAsBoolean()) {
        Optional<Trial> partial = attempt(whole.of(), rest, fixed.predicate());
        double most = best.bytes() * SMALLER;
        best =
            partial
                .filter(trial -> trial.breaches().size() <= whole.breaches().size())
                .filter(trial -> trial.cost() <= whole.cost() * HARDLY && trial.bytes() <= most)
                .orElse(best);
      }
    }
    return best;
  }

  private void keep(Trial trial) {
    whatIf.add(trial.of().table, trial.index());
    names.take(trial.index().name());
  }

  /** An index that a later one made needless goes again. */
  private List<Trial> withoutNeedless(List<Trial> kept) {
    if (kept.size() < 2) {
      return kept;
    }
    List<Trial> needed = new ArrayList<>(kept);
    int breaches = kept.get(kept.size() - 1).breaches().size();
    double cost = kept.get(kept.size() - 1).cost();
    for (Trial trial : kept) {
      whatIf.remove(trial.of().table, trial.index());
      QueryPlan plan = whatIf.explain(text, values);
      boolean same = goal.judge(plan).size() <= breaches && cost(plan) <= cost * HARDLY;
      if (same) {
        needed.remove(trial);
      } else {
        whatIf.add(trial.of().table, trial.index());
      }
    }
    return needed;
  }
}
