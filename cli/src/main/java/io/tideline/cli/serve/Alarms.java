package io.tideline.cli.serve;

import io.tideline.schedule.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds policies that have expired rows and have deleted nothing for long. */
final class Alarms {
  private static final int INTERVALS = 3;

  private Alarms() {}

  /**
   * An alarm that begins or ends.
   *
   * @param item the policy
   * @param since since when it has expired rows and has deleted nothing, or is due and has not run
   * @param after how long it had
   * @param on whether it begins
   */
  record Change(Item item, Instant since, Duration after, boolean on) {}

  /** What changed since it was last asked. */
  static List<Change> look(Served served, Instant now) {
    served.round().ifPresent(round -> hear(served, round));
    List<Change> changes = new ArrayList<>();
    for (Item item : served.items()) {
      if (item.isPolicy()) {
        Mark mark = served.mark(item);
        Optional<Instant> idle = Optional.ofNullable(mark.idleSince);
        Instant since = idle.or(() -> heldUp(served, item, now)).orElse(now);
        Duration after = after(served, item, now);
        boolean on = since.isBefore(now) && Duration.between(since, now).compareTo(after) >= 0;
        if (on != mark.alarmed) {
          mark.alarmed = on;
          changes.add(new Change(item, since, after, on));
        }
      }
    }
    return changes;
  }

  /** Since when it is due and may run, as while something else of its database never ends. */
  private static Optional<Instant> heldUp(Served served, Item item, Instant now) {
    boolean waits =
        served.round().filter(round -> !round.names().contains(item.name())).isPresent();
    return waits && !served.outside(now).contains(item)
        ? served.dueSlot(item, now)
        : Optional.empty();
  }

  /** A run that goes on for days, because it is paused or waits, has no report yet. */
  private static void hear(Served served, Round round) {
    for (Item item : served.items()) {
      Long rows = round.live().planned().get(item.name());
      if (rows != null && round.names().contains(item.name())) {
        Mark mark = served.mark(item);
        mark.saw(rows, round.live().began());
        if (round.live().removed()) {
          mark.idleSince = null;
        }
      }
    }
  }

  private static Duration after(Served served, Item item, Instant now) {
    return served
        .config()
        .timetable()
        .alarmAfter(item.name())
        .orElseGet(
            () -> {
              Duration usual = served.interval(item, now).multipliedBy(INTERVALS);
              return usual.compareTo(Timetable.LEAST_ALARM) > 0 ? usual : Timetable.LEAST_ALARM;
            });
  }
}
