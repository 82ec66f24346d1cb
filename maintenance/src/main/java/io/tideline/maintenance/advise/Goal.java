package io.tideline.maintenance.advise;

import io.tideline.dialect.WhatIf;
import io.tideline.tuning.Breach;
import io.tideline.tuning.Expectations;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QuerySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an index must reach for a query: what is expected of its plan, else that no table but a
 * small one is read whole and nothing is sorted.
 */
final class Goal {
  /** Reading so few rows whole is what an engine does best. */
  private static final long SMALL = 1_000;

  private final Expectations expected;

  private Goal(Expectations expected) {
    this.expected = expected;
  }

  static Goal of(QuerySpec query, List<Mentions> mentions, WhatIf whatIf) {
    Expectations own = query.expect();
    if (!own.usesIndex().isEmpty() || own.noFullScan() || own.noSort()) {
      return new Goal(
          new Expectations(
              own.usesIndex(), own.noFullScan(), own.mayScan(), own.noSort(), Optional.empty()));
    }
    List<String> small = new ArrayList<>(own.mayScan());
    for (Mentions each : mentions) {
      OptionalLong rows = whatIf.rows(each.table.name());
      if (rows.isPresent() && rows.getAsLong() <= SMALL) {
        small.add(each.table.name().toString());
      }
    }
    return new Goal(new Expectations(List.of(), true, small, true, Optional.empty()));
  }

  List<Breach> judge(QueryPlan plan) {
    return expected.judge(plan);
  }

  /** The indexes that must be used, by the user's names. */
  List<String> names() {
    return expected.usesIndex();
  }
}
