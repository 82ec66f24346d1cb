package io.tideline.tuning;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Span;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/**
 * How long a partition is: a part of the calendar in UTC, weeks from Monday; or a span, of which
 * each begins at a whole multiple since 1970-01-01T00:00Z.
 *
 * @param kind which
 * @param span how long; zero unless {@code kind} is {@link Kind#SPAN}
 */
public record PartitionEvery(Kind kind, Duration span) {
  private static final Duration SHORTEST = Duration.ofHours(1);

  /** The kinds of length. */
  public enum Kind {
    DAY,
    WEEK,
    MONTH,
    QUARTER,
    YEAR,
    SPAN
  }

  /**
   * Checks it.
   *
   * @throws TidelineException {@code POLICY_INVALID} if a span is shorter than an hour
   */
  public PartitionEvery {
    if (kind != Kind.SPAN) {
      span = Duration.ZERO;
    } else if (span.compareTo(SHORTEST) < 0) {
      throw new TidelineException(
          ErrorCode.POLICY_INVALID,
          "Cannot make a partition for every " + span.toMinutes() + " minutes.",
          "Nothing was changed.",
          "Write 1h or longer, or day, week, month, quarter or year.");
    }
  }

  /** A part of the calendar. */
  public static PartitionEvery of(Kind kind) {
    return new PartitionEvery(kind, Duration.ZERO);
  }

  /**
   * Reads one.
   *
   * @throws TidelineException {@code ARGUMENT_INVALID} or {@code POLICY_INVALID} if it is none
   */
  public static PartitionEvery parse(String text, String where) {
    for (Kind kind : Kind.values()) {
      if (kind != Kind.SPAN && kind.name().toLowerCase(Locale.ROOT).equals(text)) {
        return of(kind);
      }
    }
    if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot use '" + text + "' as " + where + ".",
          "Nothing was changed.",
          "Write day, week, month, quarter, year, or a span such as 6h.");
    }
    return new PartitionEvery(Kind.SPAN, Span.parse(text, where));
  }

  /** The latest beginning of a partition that is not after an instant. */
  public Instant floor(Instant instant) {
    ZonedDateTime day = instant.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS);
    return switch (kind) {
      case DAY -> day.toInstant();
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toInstant();
      case MONTH -> day.withDayOfMonth(1).toInstant();
      case QUARTER ->
          day.withDayOfMonth(1).withMonth((day.getMonthValue() - 1) / 3 * 3 + 1).toInstant();
      case YEAR -> day.withDayOfYear(1).toInstant();
      case SPAN -> {
        long length = span.toSeconds();
        yield Instant.ofEpochSecond(Math.floorDiv(instant.getEpochSecond(), length) * length);
      }
    };
  }

  /** The beginning of the partition after the one that begins at an instant. */
  public Instant next(Instant beginning) {
    ZonedDateTime day = beginning.atZone(ZoneOffset.UTC);
    return switch (kind) {
      case DAY -> day.plusDays(1).toInstant();
      case WEEK -> day.plusWeeks(1).toInstant();
      case MONTH -> day.plusMonths(1).toInstant();
      case QUARTER -> day.plusMonths(3).toInstant();
      case YEAR -> day.plusYears(1).toInstant();
      case SPAN -> beginning.plus(span);
    };
  }

  /** Whether every partition begins at midnight. */
  public boolean ofWholeDays() {
    return kind != Kind.SPAN || span.toSeconds() % Duration.ofDays(1).toSeconds() == 0;
  }

  @Override
  public String toString() {
    if (kind != Kind.SPAN) {
      return kind.name().toLowerCase(Locale.ROOT);
    }
    return ofWholeDays() ? span.toDays() + "d" : span.toMinutes() + "m";
  }
}
