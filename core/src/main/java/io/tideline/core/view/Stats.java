package io.tideline.core.view;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.rule.ArchiveTables;
import io.tideline.dialect.Reader;
import io.tideline.plan.PolicyPlan;
import io.tideline.policy.Action;
import io.tideline.run.ArchivedSegment;
import io.tideline.run.TableStats;
import java.util.List;
import java.util.Optional;

/** Counts what is live, what would go, and what has gone. */
public final class Stats {
  private Stats() {}

  /** How the table of a policy stands. */
  public static TableStats of(
      PolicyPlan policy, List<ArchivedSegment> segments, Catalogue catalogue, Reader reader) {
    return new TableStats(
        policy.policy().name(),
        policy.table().toString(),
        policy.total(),
        policy.rows(),
        archived(policy, segments, catalogue, reader),
        policy.policy().retain());
  }

  private static long archived(
      PolicyPlan policy, List<ArchivedSegment> segments, Catalogue catalogue, Reader reader) {
    long shown =
        segments.stream()
            .filter(segment -> segment.table().equals(policy.table().toString()))
            .mapToLong(Stats::shown)
            .sum();
    if (policy.policy().action() != Action.MOVE) {
      return shown;
    }
    Optional<Table> target = catalogue.table(ArchiveTables.of(policy.policy(), policy.table()));
    return shown + target.map(table -> reader.count(table, List.of())).orElse(0L);
  }

  /** The rows of a segment that the archive's view shows. */
  public static long shown(ArchivedSegment segment) {
    return segment.closed() ? segment.deleted() + segment.gone() - segment.restored() : 0;
  }
}
