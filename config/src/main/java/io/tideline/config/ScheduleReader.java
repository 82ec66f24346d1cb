package io.tideline.config;

import io.tideline.error.Nearest;
import io.tideline.policy.Span;
import io.tideline.schedule.Schedule;
import io.tideline.schedule.Timing;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** Reads {@code cron}, {@code every}, {@code jitter} and {@code timezone} where they may stand. */
final class ScheduleReader {
  private static final Duration LONGEST_JITTER = Duration.ofHours(24);
  private static final String OFF = "off";

  private final Reading reading;
  private final ZoneId zone;
  private final Duration jitter;

  /** A reader that takes UTC, and puts nothing off, where the file does not say. */
  ScheduleReader(Reading reading) {
    this(reading, ZoneOffset.UTC, Duration.ZERO);
  }

  private ScheduleReader(Reading reading, ZoneId zone, Duration jitter) {
    this.reading = reading;
    this.zone = zone;
    this.jitter = jitter;
  }

  /** A reader for what lies within some entries, whose zone and jitter hold there. */
  ScheduleReader within(Entries entries) {
    return new ScheduleReader(reading, zone(entries), jitter(entries));
  }

  /** Whether the entries say that nothing runs by itself. */
  static boolean off(Entries entries) {
    return entries.scalar("every").filter(s -> s.value().equals(OFF)).isPresent()
        || entries.scalar("cron").filter(s -> s.value().equals(OFF)).isPresent();
  }

  /** The schedule that the entries name; empty if they name none, or none that is right. */
  Optional<Schedule> read(Entries entries) {
    if (entries.value("cron").isPresent() && entries.value("every").isPresent()) {
      reading.problem(
          entries.value("every").orElseThrow(),
          entries.label("every") + " and 'cron' both say when it runs.",
          "Keep one of them.");
      return Optional.empty();
    }
    Duration off = jitter(entries);
    Optional<Schedule> schedule = timing(entries).map(timing -> new Schedule(timing, off));
    schedule.ifPresent(read -> checkJitter(entries, read));
    return schedule;
  }

  private Optional<Timing> timing(Entries entries) {
    if (off(entries)) {
      return Optional.empty();
    }
    ZoneId own = zone(entries);
    Optional<Timing> cron =
        entries.scalar("cron").flatMap(s -> reading.parse(s, line -> cron(line, own)));
    return cron.or(
        () ->
            entries
                .scalar("every")
                .flatMap(s -> every(s, entries.label("every")))
                .map(Timing.Every::new));
  }

  private Optional<Duration> every(Scalar scalar, String label) {
    Optional<Duration> every = reading.parse(scalar, text -> Span.parse(text, label));
    if (every.isPresent() && every.get().getNano() != 0) {
      reading.problem(
          scalar.node(), label + " is no whole second.", "Write a second or more, such as '6h'.");
      return Optional.empty();
    }
    return every;
  }

  private static Timing cron(String line, ZoneId zone) {
    CronLine.parse(line, zone);
    return new Timing.Cron(line, zone);
  }

  private void checkJitter(Entries entries, Schedule schedule) {
    if (schedule.timing() instanceof Timing.Every every
        && schedule.jitter().compareTo(every.interval()) >= 0) {
      reading.problem(
          entries.value("jitter").or(() -> entries.value("every")).orElse(entries.node()),
          entries.label("jitter") + " is not shorter than the interval.",
          "Put a start off by less than the time to the next one.");
    }
  }

  private Duration jitter(Entries entries) {
    if (entries.scalar("jitter").filter(s -> s.value().equals(OFF)).isPresent()) {
      return Duration.ZERO;
    }
    Optional<Duration> own =
        entries
            .scalar("jitter")
            .flatMap(s -> reading.parse(s, t -> Span.parse(t, entries.label("jitter"))));
    if (own.isPresent() && own.get().compareTo(LONGEST_JITTER) > 0) {
      reading.problem(
          entries.value("jitter").orElseThrow(),
          entries.label("jitter") + " is longer than a day.",
          "Write a day or less, such as '5m'.");
      return jitter;
    }
    return own.orElse(jitter);
  }

  private ZoneId zone(Entries entries) {
    return entries.scalar("timezone").flatMap(s -> zone(s, entries.label("timezone"))).orElse(zone);
  }

  private Optional<ZoneId> zone(Scalar scalar, String label) {
    try {
      return Optional.of(ZoneId.of(scalar.value()));
    } catch (DateTimeException e) {
      String guess =
          Nearest.to(scalar.raw(), ZoneId.getAvailableZoneIds())
              .map(near -> "Did you mean '" + near + "'? ")
              .orElse("");
      reading.problem(
          scalar.node(),
          label + " is no time zone: '" + scalar.raw() + "'.",
          guess + "Write a name such as 'Europe/Berlin' or 'UTC'.");
      return Optional.empty();
    }
  }
}
