package io.tideline.maintenance.bench;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a bench measured.
 *
 * @param at when it began
 * @param version of what measured
 * @param machine where it was measured
 * @param load how it was asked
 * @param identity what must be the same for other figures to be comparable, in words
 * @param targets each target, or each phase of the one
 * @param notes what to know before one believes the figures, one sentence each
 * @param comparison with a baseline, or of what went on with what was before
 * @param judged the thresholds
 * @param stopped whether it was ended early
 */
public record BenchReport(
    Instant at,
    String version,
    Machine machine,
    Load load,
    Map<String, String> identity,
    List<TargetReport> targets,
    List<String> notes,
    Optional<Comparison> comparison,
    List<Judged> judged,
    boolean stopped) {
  /** Copies the lists. */
  public BenchReport {
    identity = Map.copyOf(identity);
    targets = List.copyOf(targets);
    notes = List.copyOf(notes);
    judged = List.copyOf(judged);
  }

  /** The same, compared. */
  public BenchReport with(Comparison found) {
    return new BenchReport(
        at, version, machine, load, identity, targets, notes, Optional.of(found), judged, stopped);
  }

  /** The same, judged. */
  public BenchReport with(List<Judged> thresholds) {
    return new BenchReport(
        at, version, machine, load, identity, targets, notes, comparison, thresholds, stopped);
  }

  /** Whether a threshold was passed. */
  public boolean failed() {
    return judged.stream().anyMatch(Judged::failed);
  }
}
