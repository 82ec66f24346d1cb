package io.tideline.core.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Turns local times of a zone into instants. The later instant of a time that occurs twice keeps
 * the order: an earlier local time is never a later instant. Remembers the stretch of local times
 * around the last one that has a single offset.
 */
final class LocalTimes {
  private final ZoneRules rules;
  private long from = Long.MAX_VALUE;
  private long to = Long.MIN_VALUE;
  private long offset;

  /** The instant found last, in seconds since 1970. */
  long instant;

  LocalTimes(ZoneId zone) {
    rules = zone.getRules();
    if (rules.isFixedOffset()) {
      offset = rules.getOffset(Instant.EPOCH).getTotalSeconds();
      from = Long.MIN_VALUE;
      to = Long.MAX_VALUE;
    }
  }

  /** Finds the instant of a local time; false if the zone skips it. */
  boolean find(long local) {
    if (local < from || local >= to) {
      LocalDateTime time = LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC);
      ZoneOffsetTransition transition = rules.getTransition(time);
      if (transition != null) {
        instant = local - transition.getOffsetAfter().getTotalSeconds();
        return transition.isOverlap();
      }
      learn(local, rules.getOffset(time).getTotalSeconds());
    }
    instant = local - offset;
    return true;
  }

  /** Finds the first instant of the day that begins at a local midnight. */
  void findDay(long midnight) {
    if (!find(midnight)) {
      LocalDateTime time = LocalDateTime.ofEpochSecond(midnight, 0, ZoneOffset.UTC);
      instant = rules.getTransition(time).toEpochSecond();
    }
  }

  /** The local time of an instant, both in seconds since 1970. */
  long local(long seconds) {
    return seconds + rules.getOffset(Instant.ofEpochSecond(seconds)).getTotalSeconds();
  }

  private void learn(long local, long only) {
    offset = only;
    Instant at = Instant.ofEpochSecond(local - only);
    ZoneOffsetTransition before = rules.previousTransition(at.plusNanos(1));
    ZoneOffsetTransition after = rules.nextTransition(at);
    from = before == null ? Long.MIN_VALUE : Math.max(localBefore(before), localAfter(before));
    to = after == null ? Long.MAX_VALUE : Math.min(localBefore(after), localAfter(after));
  }

  private static long localBefore(ZoneOffsetTransition transition) {
    return transition.toEpochSecond() + transition.getOffsetBefore().getTotalSeconds();
  }

  private static long localAfter(ZoneOffsetTransition transition) {
    return transition.toEpochSecond() + transition.getOffsetAfter().getTotalSeconds();
  }
}
