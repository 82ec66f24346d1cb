package io.tideline.cli.serve;

import io.tideline.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;

/**
 * When the slots of a schedule start: each is put off by a part of the jitter that its instant and
 * a seed decide, so that equal slots of one file start together, and a restart changes nothing.
 */
final class Starts {
  private static final int GAPS = 10;

  private final Slots slots;
  private final Duration jitter;
  private final long seed;

  Starts(Schedule schedule, long seed) {
    this.slots = Slots.of(schedule.timing());
    this.jitter = schedule.jitter();
    this.seed = seed;
  }

  Instant start(Instant slot) {
    if (jitter.isZero()) {
      return slot;
    }
    double part = new Random(seed * 31 + slot.getEpochSecond()).nextDouble();
    return slot.plusMillis((long) (jitter.toMillis() * part));
  }

  /** The last slot that has started by now. */
  Optional<Instant> started(Instant now) {
    Optional<Instant> slot = slots.last(now);
    while (slot.isPresent() && start(slot.get()).isAfter(now)) {
      slot = slots.last(slot.get().minusMillis(1));
    }
    return slot;
  }

  /** The first slot after another. */
  Optional<Instant> next(Instant slot) {
    return slots.next(slot);
  }

  /** The longest of the next times between two slots. */
  Duration interval(Instant now) {
    Duration longest = Duration.ZERO;
    Optional<Instant> one = slots.next(now);
    for (int i = 0; i < GAPS && one.isPresent(); i++) {
      Instant from = one.get();
      one = slots.next(from);
      Duration gap = one.map(to -> Duration.between(from, to)).orElse(Duration.ZERO);
      longest = gap.compareTo(longest) > 0 ? gap : longest;
    }
    return longest;
  }
}
