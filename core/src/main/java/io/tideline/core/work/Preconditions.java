package io.tideline.core.work;

import io.tideline.dialect.Database;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What must hold before anything is written. */
public final class Preconditions {
  private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

  private Preconditions() {}

  /**
   * Refuses a database that takes no writes.
   *
   * @throws TidelineException {@code DATABASE_READ_ONLY}
   */
  public static void writable(Database database) {
    String why = database.info().readOnly();
    if (!why.isEmpty()) {
      throw new TidelineException(
          ErrorCode.DATABASE_READ_ONLY,
          "Cannot write to " + database.info().place() + ": " + why + ".",
          "Nothing was changed.",
          "`tideline plan` works on it; to run, use the primary or make it writable.");
    }
  }

  /**
   * Refuses a clock that is set ahead of the machine's.
   *
   * @throws TidelineException {@code CLOCK_WRONG}
   */
  public static void clock(Clock clock) {
    Instant machine = Instant.now();
    if (Instant.now(clock).isAfter(machine.plusSeconds(1))) {
      throw new TidelineException(
          ErrorCode.CLOCK_WRONG,
          "Cannot work with a clock set to "
              + Instant.now(clock)
              + ": that is later than the machine's.",
          "Nothing was changed.",
          "Give --now a time that has passed.");
    }
  }

  /**
   * Refuses to count ages from an instant that the clock has not reached.
   *
   * @throws TidelineException {@code CLOCK_WRONG}
   */
  public static void past(Instant now, Clock clock) {
    if (now.isAfter(Instant.now(clock).plusSeconds(1))) {
      throw new TidelineException(
          ErrorCode.CLOCK_WRONG,
          "Cannot count from " + now + ": it is later than the clock.",
          "Nothing was changed.",
          "Give an earlier instant, or set the machine's clock.");
    }
  }

  /**
   * Refuses a machine whose clock differs from the server's, and a clock that is set ahead of the
   * machine's.
   *
   * @throws TidelineException {@code CLOCK_WRONG}
   */
  public static void clock(Database database, Clock clock) {
    clock(clock);
    if (!database.info().ownsClock()) {
      return;
    }
    Instant machine = Instant.now();
    Instant server = database.clock();
    if (Duration.between(machine, server).abs().compareTo(CLOCK_DIFFERENCE) > 0) {
      throw new TidelineException(
          ErrorCode.CLOCK_WRONG,
          "Cannot trust the time: this machine says "
              + machine
              + ", the database server "
              + server
              + ".",
          "Nothing was changed.",
          "Set the clocks right, then run again.");
    }
  }

  /**
   * Refuses files whose clock differs from the machine's: their ages cannot be trusted.
   *
   * @param written when a file that was written just now says it was
   * @throws TidelineException {@code CLOCK_WRONG}
   */
  public static void fileClock(Instant written, String place) {
    Instant machine = Instant.now();
    if (Duration.between(machine, written).abs().compareTo(CLOCK_DIFFERENCE) > 0) {
      throw new TidelineException(
          ErrorCode.CLOCK_WRONG,
          "Cannot trust the time: this machine says "
              + machine
              + ", the file system of "
              + place
              + " "
              + written
              + ".",
          "Nothing was changed.",
          "Set the clocks right, then run again.");
    }
  }
}
