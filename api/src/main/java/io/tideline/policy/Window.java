package io.tideline.policy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hours of a day in which a run may work, as the clocks of a zone show them: {@code
 * "01:00-05:00 Europe/Berlin"}. Where clocks are put forward it may be shorter that day or missing,
 * where they are put back longer or twice there: what counts is what the clock on the wall says.
 *
 * @param from the first instant of it
 * @param to the end, no part of it; earlier than {@code from} where it goes past midnight
 * @param zone whose clocks
 */
public record Window(LocalTime from, LocalTime to, ZoneId zone) {
  private static final Pattern FORM =
      Pattern.compile("(\\d\\d:\\d\\d)\\s*-\\s*(\\d\\d:\\d\\d)(?:\\s+(\\S+))?");

  /** Days that are searched: a window may be missing on one. */
  private static final int DAYS = 3;

  /**
   * Checks it.
   *
   * @throws TidelineException {@code POLICY_INVALID} if it begins where it ends
   */
  public Window {
    if (from.equals(to)) {
      throw refused(from + "-" + to);
    }
  }

  /**
   * Reads one; without a zone it is UTC's.
   *
   * @throws TidelineException {@code POLICY_INVALID} if it is none
   */
  public static Window parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw refused(text);
    }
    try {
      ZoneId zone = form.group(3) == null ? ZoneOffset.UTC : ZoneId.of(form.group(3));
      return new Window(time(form.group(1)), time(form.group(2)), zone);
    } catch (DateTimeParseException e) {
      throw refused(text);
    } catch (DateTimeException e) {
      throw new TidelineException(
          ErrorCode.POLICY_INVALID,
          "Cannot use '" + text + "' as a window: there is no zone '" + form.group(3) + "'.",
          "Nothing was changed.",
          "Name a zone such as Europe/Berlin, or UTC.",
          e);
    }
  }

  private static LocalTime time(String text) {
    return text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text);
  }

  private static TidelineException refused(String text) {
    return new TidelineException(
        ErrorCode.POLICY_INVALID,
        "Cannot use '" + text + "' as a window.",
        "Nothing was changed.",
        "Write two different times of day and a zone: '01:00-05:00 Europe/Berlin'.");
  }

  /** Whether it is open. */
  public boolean open(Instant now) {
    LocalTime local = now.atZone(zone).toLocalTime();
    boolean begun = !local.isBefore(from);
    boolean over = !local.isBefore(to);
    return from.isBefore(to) ? begun && !over : begun || !over;
  }

  /** When it opens next; {@code now} if it is open. */
  public Instant opens(Instant now) {
    return open(now) ? now : next(now, from, this::open);
  }

  /** When it closes next; {@code now} if it is closed. */
  public Instant closes(Instant now) {
    return open(now) ? next(now, to, each -> !open(each)) : now;
  }

  /** The first instant after another at which the clock comes to a time, or is put, and so. */
  private Instant next(Instant now, LocalTime time, Predicate<Instant> so) {
    LocalDate today = now.atZone(zone).toLocalDate();
    List<Instant> candidates = new ArrayList<>();
    for (int day = -1; day <= DAYS; day++) {
      ZonedDateTime at = ZonedDateTime.of(today.plusDays(day), time, zone);
      candidates.add(at.withEarlierOffsetAtOverlap().toInstant());
      candidates.add(at.withLaterOffsetAtOverlap().toInstant());
    }
    ZoneOffsetTransition put = zone.getRules().nextTransition(now);
    if (put != null) {
      candidates.add(put.getInstant());
    }
    return candidates.stream()
        .filter(each -> each.isAfter(now) && so.test(each))
        .min(Instant::compareTo)
        .orElseThrow(); // there is one within three days
  }

  /** The text that {@link #parse} reads. */
  @Override
  public String toString() {
    return from + "-" + to + " " + (zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId());
  }
}
