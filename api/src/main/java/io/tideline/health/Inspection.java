package io.tideline.health;

import io.tideline.dialect.DatabaseInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that one look at a database told.
 *
 * @param at when
 * @param database what it is
 * @param storage what it takes
 * @param diskFree the bytes free on its disk; empty where that is another machine's
 * @param tables its tables, largest first
 * @param byDay the rows of each day of the tables that were asked for
 * @param growth how it grew; empty without earlier inspections
 * @param forecast when the disk is full; empty if nothing tells
 * @param policies what policies would free, if that was asked
 * @param activity who uses it
 * @param findings what hurts, worst first
 * @param suppressed what hurts and is borne
 * @param expired what was borne once and is told again
 * @param unseen what could not be looked at
 */
public record Inspection(
    Instant at,
    DatabaseInfo database,
    StorageFacts storage,
    OptionalLong diskFree,
    List<TableHealth> tables,
    List<DayCounts> byDay,
    Optional<Growth> growth,
    Optional<Forecast> forecast,
    List<PolicyGain> policies,
    Activity activity,
    List<Finding> findings,
    List<Suppressed> suppressed,
    List<Suppression> expired,
    List<Unseen> unseen) {
  /** Copies the lists. */
  public Inspection {
    tables = List.copyOf(tables);
    byDay = List.copyOf(byDay);
    policies = List.copyOf(policies);
    findings = List.copyOf(findings);
    suppressed = List.copyOf(suppressed);
    expired = List.copyOf(expired);
    unseen = List.copyOf(unseen);
  }

  /** The severity of the worst finding; empty if there is none. */
  public Optional<Severity> worst() {
    return findings.stream().map(Finding::severity).max(Severity::compareTo);
  }
}
