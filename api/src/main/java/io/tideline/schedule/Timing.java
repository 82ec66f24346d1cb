package io.tideline.schedule;

import java.time.Duration;
import java.time.ZoneId;

/** At which instants a thing is due. */
public sealed interface Timing {
  /** How it is told to a person. */
  String display();

  /**
   * At the minutes that a cron line names.
   *
   * @param line five fields: minute, hour, day of the month, month, day of the week
   * @param zone the zone whose clock is meant
   */
  record Cron(String line, ZoneId zone) implements Timing {
    @Override
    public String display() {
      return "cron " + line + " " + zone;
    }
  }

  /**
   * At every whole multiple of an interval since 1970-01-01T00:00:00Z.
   *
   * @param interval whole seconds, at least one
   */
  record Every(Duration interval) implements Timing {
    /** Checks the interval. */
    public Every {
      if (interval.toSeconds() < 1 || interval.getNano() != 0) {
        throw new IllegalArgumentException("Cannot repeat within a second");
      }
    }

    @Override
    public String display() {
      return "every " + interval;
    }
  }
}
