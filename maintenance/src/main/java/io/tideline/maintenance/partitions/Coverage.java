package io.tideline.maintenance.partitions;

import io.tideline.tuning.PartitionFacts;
import io.tideline.tuning.PartitionedTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The stretches of time that have a partition, and those between them. */
final class Coverage {
  private final List<Stretch> covered;

  /**
   * From one instant on, up to another that does not belong to it.
   *
   * @param from the first instant
   * @param to the first instant after it
   */
  record Stretch(Instant from, Instant to) {}

  private Coverage(List<Stretch> covered) {
    this.covered = covered;
  }

  static Coverage of(PartitionedTable table) {
    List<Stretch> sorted =
        table.partitions().stream()
            .map(Coverage::stretch)
            .sorted(Comparator.comparing(Stretch::from))
            .toList();
    List<Stretch> merged = new ArrayList<>();
    for (Stretch next : sorted) {
      int last = merged.size() - 1;
      if (last >= 0 && !merged.get(last).to().isBefore(next.from())) {
        Stretch before = merged.get(last);
        Instant to = before.to().isAfter(next.to()) ? before.to() : next.to();
        merged.set(last, new Stretch(before.from(), to));
      } else {
        merged.add(next);
      }
    }
    return new Coverage(merged);
  }

  private static Stretch stretch(PartitionFacts partition) {
    return new Stretch(partition.from().orElse(Instant.MIN), partition.to().orElse(Instant.MAX));
  }

  /** What lies between two partitions and has none. */
  List<Stretch> gaps() {
    List<Stretch> gaps = new ArrayList<>();
    for (int i = 1; i < covered.size(); i++) {
      gaps.add(new Stretch(covered.get(i - 1).to(), covered.get(i).from()));
    }
    return gaps;
  }

  /** Up to when there is a partition for every instant from now on; empty if there is none now. */
  Optional<Instant> reach(Instant now) {
    return covered.stream()
        .filter(each -> !each.from().isAfter(now) && each.to().isAfter(now))
        .map(Stretch::to)
        .findFirst();
  }

  /** The parts of a stretch that have no partition. */
  List<Stretch> free(Instant from, Instant to) {
    List<Stretch> free = new ArrayList<>();
    Instant at = from;
    for (Stretch each : covered) {
      if (each.to().isAfter(at) && each.from().isBefore(to)) {
        if (each.from().isAfter(at)) {
          free.add(new Stretch(at, each.from()));
        }
        at = each.to();
      }
    }
    if (at.isBefore(to)) {
      free.add(new Stretch(at, to));
    }
    return free;
  }
}
