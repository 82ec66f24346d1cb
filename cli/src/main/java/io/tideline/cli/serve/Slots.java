package io.tideline.cli.serve;

import io.tideline.config.CronLine;
import io.tideline.schedule.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The instants at which a timing is due. */
interface Slots {
  /** The first after an instant. */
  Optional<Instant> next(Instant after);

  /** The last that is not after an instant. */
  Optional<Instant> last(Instant until);

  static Slots of(Timing timing) {
    return timing instanceof Timing.Every every
        ? new Grid(every.interval())
        : new Cron((Timing.Cron) timing);
  }

  /** Whole multiples of an interval since 1970. */
  record Grid(Duration interval) implements Slots {
    @Override
    public Optional<Instant> next(Instant after) {
      return last(after).map(slot -> slot.plus(interval));
    }

    @Override
    public Optional<Instant> last(Instant until) {
      long seconds = interval.toSeconds();
      return Optional.of(
          Instant.ofEpochSecond(Math.floorDiv(until.getEpochSecond(), seconds) * seconds));
    }
  }

  /** The minutes of a cron line. */
  final class Cron implements Slots {
    private final CronLine line;

    Cron(Timing.Cron cron) {
      this.line = CronLine.parse(cron.line(), cron.zone());
    }

    @Override
    public Optional<Instant> next(Instant after) {
      return line.next(after);
    }

    @Override
    public Optional<Instant> last(Instant until) {
      return line.last(until);
    }
  }
}
