package io.tideline.config;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The minutes that a cron line names on the clock of a zone: minute, hour, day of the month, month,
 * day of the week, where a line that restricts both kinds of day means either.
 *
 * <p>A minute that the clock skips is the first instant after the skip; one that occurs twice is
 * its first occurrence. The library is asked in UTC, where neither happens, so that both rules are
 * kept here and nowhere else.
 */
public final class CronLine {
  private final ExecutionTime times;
  private final ZoneId zone;

  private CronLine(ExecutionTime times, ZoneId zone) {
    this.times = times;
    this.zone = zone;
  }

  /**
   * Reads a line.
   *
   * @throws TidelineException {@code CONFIG_INVALID} if it is none, or names no minute that ever
   *     comes
   */
  public static CronLine parse(String line, ZoneId zone) {
    ExecutionTime times;
    try {
      CronParser parser =
          new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
      times = ExecutionTime.forCron(parser.parse(line).validate());
    } catch (IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage()).replace("Failed to parse cron expression. ", "");
      throw bad(line, why, e);
    }
    CronLine read = new CronLine(times, zone);
    if (read.nextLocal(LocalDateTime.of(2024, 1, 1, 0, 0)).isEmpty()) {
      throw bad(line, "It names no day that ever comes", null);
    }
    return read;
  }

  private static TidelineException bad(String line, String why, @Nullable Throwable cause) {
    return new TidelineException(
        ErrorCode.CONFIG_INVALID,
        "Cannot use '" + line + "' as a cron line: " + why + ".",
        "Nothing was changed.",
        "Write minute, hour, day of the month, month and day of the week, as in '0 3 * * *'.",
        cause);
  }

  /** The first instant that is named after another; empty if there is none. */
  public Optional<Instant> next(Instant after) {
    Optional<LocalDateTime> local = nextLocal(reached(after));
    // Minutes that were skipped are one instant, so the next of them may not be later.
    while (local.isPresent() && !instant(local.get()).isAfter(after)) {
      local = nextLocal(local.get());
    }
    return local.map(this::instant);
  }

  /** The last instant that is named, not after another; empty if there is none. */
  public Optional<Instant> last(Instant until) {
    LocalDateTime from = reached(until).withNano(0).plusSeconds(1);
    return times
        .lastExecution(from.atZone(ZoneOffset.UTC))
        .map(ZonedDateTime::toLocalDateTime)
        .map(this::instant);
  }

  /** The latest local time that the zone's clock has shown by an instant. */
  private LocalDateTime reached(Instant instant) {
    ZoneRules rules = zone.getRules();
    LocalDateTime local = LocalDateTime.ofInstant(instant, zone);
    ZoneOffsetTransition change = rules.getTransition(local);
    boolean again = change != null && change.isOverlap() && !instant.isBefore(change.getInstant());
    return again ? change.getDateTimeBefore().minusSeconds(1) : local;
  }

  private Instant instant(LocalDateTime local) {
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    return change != null && change.isGap()
        ? change.getInstant()
        : ZonedDateTime.ofLocal(local, zone, null).withEarlierOffsetAtOverlap().toInstant();
  }

  private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
    return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
  }
}
