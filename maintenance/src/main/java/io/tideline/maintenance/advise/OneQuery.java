package io.tideline.maintenance.advise;

import io.tideline.catalogue.Catalogue;
import io.tideline.dialect.GuardedSession;
import io.tideline.dialect.WhatIf;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.advise.QueryAdvice.Outcome;
import io.tideline.maintenance.check.QueryCheck;
import io.tideline.tuning.Breach;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.Work;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Advises on one query after the other. */
final class OneQuery {
  /** A query that numbers rows is not mended by what only makes it somewhat cheaper. */
  private static final double WINDOWED = 10;

  private final GuardedSession live;
  private final WhatIf whatIf;
  private final Catalogue catalogue;
  private final IndexNames names;
  private final Instant now;
  private final BooleanSupplier over;
  private final Advised advised;

  OneQuery(
      GuardedSession live,
      WhatIf whatIf,
      Catalogue catalogue,
      IndexNames names,
      Instant now,
      BooleanSupplier over,
      Advised advised) {
    this.live = live;
    this.whatIf = whatIf;
    this.catalogue = catalogue;
    this.names = names;
    this.now = now;
    this.over = over;
    this.advised = advised;
  }

  QueryAdvice advise(QuerySpec query) {
    try {
      return look(query);
    } catch (TidelineException e) {
      if (QueryCheck.own(e)) {
        QueryPlan none = new QueryPlan("", List.of(), Optional.empty());
        return new QueryAdvice(
            query.name(), Outcome.FAILED, e.getMessage(), List.of(), 1, none, none);
      }
      throw named(query, e);
    }
  }

  /** The failure with the name of its query. */
  static TidelineException named(QuerySpec query, TidelineException e) {
    return new TidelineException(
        e.code(), "Query '" + query.name() + "': " + e.what(), e.state(), e.mend(), e);
  }

  private QueryAdvice look(QuerySpec query) {
    List<@Nullable Object> values = query.values(now);
    QueryPlan real = live.explain(query.text(), values);
    if (over.getAsBoolean()) {
      return new QueryAdvice(
          query.name(), Outcome.LEFT, "The time was over.", List.of(), 1, real, real);
    }
    QueryReading reading = QueryReading.of(query.text(), catalogue);
    QueryPlan base = whatIf.explain(query.text(), values);
    reading.alsoReads(base, catalogue);
    Goal goal = Goal.of(query, reading.mentions(), whatIf);
    double wanted = wanted(query, values, reading, goal.judge(base));
    if (goal.judge(base).isEmpty() && wanted <= 1) {
      List<String> used = advised.used(query, goal, base, values);
      Outcome outcome = used.isEmpty() ? Outcome.GOOD : Outcome.MENDED;
      return new QueryAdvice(query.name(), outcome, "", used, 1, real, base);
    }
    Trials trials = new Trials(whatIf, query.text(), values, goal, names, over);
    List<Trials.Trial> kept =
        trials.best(reading.mentions(), base, Trials.cost(base) / Math.max(1, wanted));
    return judged(query, new Asked(reading, goal, values, wanted, base), kept);
  }

  /** What was asked of one query. */
  record Asked(
      QueryReading reading,
      Goal goal,
      List<@Nullable Object> values,
      double wanted,
      QueryPlan base) {}

  /** How many times cheaper it must become, besides what is expected of its plan. */
  private double wanted(
      QuerySpec query, List<@Nullable Object> values, QueryReading reading, List<Breach> breaches) {
    if (query.expect().maxExamined().isPresent() && breaches.isEmpty()) {
      Work work = live.measure(query.text(), values);
      return work.perRow() / Math.max(1e-9, query.expect().maxExamined().get());
    }
    return reading.windowed() && !breaches.isEmpty() ? WINDOWED : 1;
  }

  private QueryAdvice judged(QuerySpec query, Asked asked, List<Trials.Trial> kept) {
    QueryPlan after = whatIf.explain(query.text(), asked.values());
    double gain = Trials.cost(asked.base()) / Math.max(1e-9, Trials.cost(after));
    List<Breach> breaches = asked.goal().judge(after);
    boolean enough = gain >= asked.wanted();
    boolean none = kept.isEmpty() || asked.reading().windowed() && !enough;
    if (none) {
      kept.forEach(trial -> whatIf.remove(trial.of().table, trial.index()));
      String why = Reasons.none(asked, whatIf.explain(query.text(), asked.values()), over);
      return new QueryAdvice(
          query.name(), Outcome.NONE, why, List.of(), 1, asked.base(), asked.base());
    }
    kept.forEach(trial -> advised.add(trial, query, asked, gain));
    boolean mended = breaches.isEmpty() && enough;
    String why = mended ? "" : Reasons.notWhole(breaches, asked.wanted(), gain);
    List<String> indexes = kept.stream().map(trial -> trial.index().name()).toList();
    return new QueryAdvice(
        query.name(),
        mended ? Outcome.MENDED : Outcome.EASED,
        why,
        indexes,
        gain,
        asked.base(),
        after);
  }
}
