package io.tideline.maintenance.inspect;

import static io.tideline.health.Check.AUTOVACUUM_OFF;
import static io.tideline.health.Check.CONNECTIONS_SHORT;
import static io.tideline.health.Check.COVERED_INDEX;
import static io.tideline.health.Check.DAMAGED;
import static io.tideline.health.Check.DISK_FILLING;
import static io.tideline.health.Check.DUPLICATE_INDEX;
import static io.tideline.health.Check.FOREIGN_KEY_UNINDEXED;
import static io.tideline.health.Check.FREE_SPACE;
import static io.tideline.health.Check.IDLE_TRANSACTION;
import static io.tideline.health.Check.INDEX_BLOAT;
import static io.tideline.health.Check.INVALID_INDEX;
import static io.tideline.health.Check.LARGE_LOG;
import static io.tideline.health.Check.LONG_TRANSACTION;
import static io.tideline.health.Check.NO_AUTO_VACUUM;
import static io.tideline.health.Check.PREPARED_TRANSACTION;
import static io.tideline.health.Check.ROLLBACK_JOURNAL;
import static io.tideline.health.Check.SESSION_BLOCKED;
import static io.tideline.health.Check.SLOT_BEHIND;
import static io.tideline.health.Check.STANDBY_BEHIND;
import static io.tideline.health.Check.STATISTICS_MISSING;
import static io.tideline.health.Check.STATISTICS_STALE;
import static io.tideline.health.Check.TABLE_BLOAT;
import static io.tideline.health.Check.UNUSED_INDEX;
import static io.tideline.health.Check.VACUUM_LAG;
import static io.tideline.health.Check.WRITE_LOCK_HELD;

import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Inspection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What somebody comes with, and the findings that may be its cause, the likeliest first. */
public enum Trouble {
  /** Nothing can be written, or it takes seconds. */
  LOCKED(
      List.of(
          WRITE_LOCK_HELD,
          SESSION_BLOCKED,
          IDLE_TRANSACTION,
          PREPARED_TRANSACTION,
          LONG_TRANSACTION,
          CONNECTIONS_SHORT,
          ROLLBACK_JOURNAL,
          FOREIGN_KEY_UNINDEXED)),
  /** Answers take longer than they did. */
  SLOW(
      List.of(
          SESSION_BLOCKED,
          WRITE_LOCK_HELD,
          STATISTICS_STALE,
          STATISTICS_MISSING,
          FOREIGN_KEY_UNINDEXED,
          VACUUM_LAG,
          AUTOVACUUM_OFF,
          LONG_TRANSACTION,
          IDLE_TRANSACTION,
          STANDBY_BEHIND,
          INVALID_INDEX,
          TABLE_BLOAT,
          INDEX_BLOAT,
          LARGE_LOG,
          DUPLICATE_INDEX,
          COVERED_INDEX,
          UNUSED_INDEX,
          DAMAGED)),
  /** The disk is full, or soon will be. */
  FULL(
      List.of(
          LARGE_LOG,
          SLOT_BEHIND,
          INVALID_INDEX,
          DUPLICATE_INDEX,
          COVERED_INDEX,
          UNUSED_INDEX,
          FREE_SPACE,
          INDEX_BLOAT,
          TABLE_BLOAT,
          VACUUM_LAG,
          NO_AUTO_VACUUM,
          DISK_FILLING));

  /** What is written anew needs room beside what it was. */
  private static final Set<Check> NEED_DISK = Set.of(FREE_SPACE, INDEX_BLOAT, TABLE_BLOAT);

  /** Where the engine keeps the space of what is dropped, this frees none. */
  private static final Set<Check> DROPS = Set.of(DUPLICATE_INDEX, COVERED_INDEX, UNUSED_INDEX);

  private final List<Check> causes;

  Trouble(List<Check> causes) {
    this.causes = causes;
  }

  /**
   * The findings that may be the cause, in the order in which to mend them. Where the disk is full:
   * first what needs no disk, and of that first what frees most; last what frees space for the
   * database alone.
   */
  public List<Finding> of(Inspection inspection) {
    List<Finding> found =
        new ArrayList<>(
            inspection.findings().stream()
                .filter(finding -> causes.contains(finding.check()))
                .toList());
    Comparator<Finding> byCause = Comparator.comparingInt(each -> causes.indexOf(each.check()));
    Comparator<Finding> order =
        this == FULL
            ? Comparator.comparing(Trouble::stays)
                .thenComparing(Trouble::needsDisk)
                .thenComparing(Comparator.comparingLong(Finding::frees).reversed())
                .thenComparing(byCause)
            : byCause.thenComparing(Comparator.comparing(Finding::severity).reversed());
    found.sort(order);
    return found;
  }

  private static boolean stays(Finding finding) {
    return DROPS.contains(finding.check()) && finding.frees() == 0;
  }

  /** Whether mending it takes disk before it gives any back. */
  public static boolean needsDisk(Finding finding) {
    boolean steps =
        finding.remedies().stream().anyMatch(each -> each.text().contains("incremental_vacuum"));
    return NEED_DISK.contains(finding.check()) && !steps;
  }
}
