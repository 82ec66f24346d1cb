package io.tideline.maintenance.bench;

import java.util.List;
import java.util.Optional;

/**
 * How one target answered.
 *
 * @param name what a person calls it
 * @param phase {@code before}, {@code during} or {@code after} something else that went on; else
 *     empty
 * @param amounts what {@link Counts#amount} counts
 * @param first the first request of all, where it was made for this
 * @param whole all rounds together; absent if it was stopped before there was one
 * @param rounds each round, in order
 * @param timeline all rounds, by when requests were due
 */
public record TargetReport(
    String name,
    String phase,
    String amounts,
    Optional<First> first,
    Optional<Round> whole,
    List<Round> rounds,
    List<Slot> timeline) {
  /** Copies the lists. */
  public TargetReport {
    rounds = List.copyOf(rounds);
    timeline = List.copyOf(timeline);
  }

  static TargetReport of(Target target, String phase, Optional<First> first, List<Measured> all) {
    Optional<Measured> whole = all.stream().reduce(Measured::plus);
    return new TargetReport(
        target.name(),
        phase,
        target.amounts(),
        first,
        whole.map(Measured::round),
        all.stream().map(Measured::round).toList(),
        whole.map(Measured::slots).orElse(List.of()));
  }

  /** The name with the phase. */
  public String title() {
    return phase.isEmpty() ? name : name + ", " + phase;
  }
}
