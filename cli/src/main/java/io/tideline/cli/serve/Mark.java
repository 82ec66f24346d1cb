package io.tideline.cli.serve;

import io.tideline.error.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an item over restarts. Only the thread that decides changes it.
 *
 * <p>Slots up to the anchor are settled: they ran, or are past and will not run. Where the clock
 * was put back by more than a day the anchor goes back with it, and the slots that ran are known
 * one by one.
 */
final class Mark {
  private static final int MOST_RAN = 48;
  private static final int MOST_TRIES = 3;
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  String timing = "";
  Instant anchor = Instant.EPOCH;
  List<Instant> ran = new ArrayList<>();

  /** How often it was begun since it last ended: more than one means that it died. */
  int tries;

  /** Whether it is to run without a slot: it follows one that ended well, or did not end itself. */
  boolean owed;

  @Nullable Instant owedFrom;
  @Nullable Instant startedAt;
  @Nullable Instant finishedAt;
  @Nullable Instant succeededAt;
  int exit = -1;
  String failure = "";
  String run = "";
  long runs;
  long failures;
  long archived;
  long removed;

  /** The expired rows that the last plan saw; -1 if there was none. */
  long expired = -1;

  /** Since when it has expired rows and has deleted nothing. */
  @Nullable Instant idleSince;

  boolean alarmed;

  /** A mark of what is seen for the first time: the past is settled. */
  static Mark of(Item item, Instant now) {
    Mark mark = new Mark();
    mark.timing = item.timing();
    mark.anchor = now;
    return mark;
  }

  /** After a restart or a reload. */
  void meet(Item item, Instant now) {
    if (!timing.equals(item.timing())) {
      timing = item.timing();
      anchor = now.isAfter(anchor) ? now : anchor;
    }
  }

  /** After a restart: what was begun and never ended is owed, unless it keeps dying. */
  void wake() {
    owed |= tries > 0 && tries < MOST_TRIES;
  }

  /**
   * Follows a clock that was put back too far to be waited for.
   *
   * @return whether it did
   */
  boolean follow(Instant now) {
    if (!anchor.isAfter(now.plus(LONGEST_WAIT))) {
      return false;
    }
    anchor = now;
    return true;
  }

  boolean settled(Instant slot) {
    return !slot.isAfter(anchor) || ran.contains(slot);
  }

  boolean owed(Instant now) {
    Instant from = owedFrom;
    return owed && (from == null || !now.isBefore(from));
  }

  /** It begins; the slot for which it does, if any, is settled with all before it. */
  void begin(Instant now, @Nullable Instant slot) {
    if (slot != null) {
      anchor = slot.isAfter(anchor) ? slot : anchor;
      ran.add(slot);
      if (ran.size() > MOST_RAN) {
        ran.remove(0);
      }
    }
    owed = false;
    owedFrom = null;
    tries++;
    startedAt = now;
  }

  /** It ended. */
  void end(Result result, Instant now) {
    tries = 0;
    finishedAt = now;
    exit = result.exit().number();
    failure = result.failure();
    run = result.run();
    runs++;
    archived += result.archived();
    removed += result.removed();
    if (result.well()) {
      succeededAt = now;
    } else if (!result.asked()) {
      failures++;
    }
    result.expired().ifPresent(rows -> saw(rows, now));
    if (result.removed() > 0) {
      idleSince = null;
    }
  }

  /** A plan saw so many expired rows. */
  void saw(long rows, Instant now) {
    expired = rows;
    if (rows == 0) {
      idleSince = null;
    } else if (idleSince == null) {
      idleSince = now;
    }
  }

  /** It is to run again as soon as it may. */
  void owe(@Nullable Instant from) {
    owed = true;
    owedFrom = from;
  }

  /** Whether the last run failed: it neither came to its end nor was asked to stop. */
  boolean failing() {
    return exit >= 0 && !failure.isEmpty() && exit != ExitCode.DONE.number();
  }
}
