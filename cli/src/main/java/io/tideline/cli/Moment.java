package io.tideline.cli;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The instant that ages count from. */
final class Moment {
  @Option(
      names = "--now",
      paramLabel = "INSTANT",
      description =
          "Count ages from this instant (2026-05-02T10:00:00Z, or a date, UTC), which may not be"
              + " later than the machine's clock.")
  @Nullable String now;

  /** The clock that {@code --now} asks for. */
  Clock clock() {
    Clock machine = Clock.systemUTC();
    return now == null ? machine : Clock.fixed(instant(machine), ZoneOffset.UTC);
  }

  /** The instant that {@code --now} asks for; the clock's without it. */
  Instant instant(Clock clock) {
    String text = now;
    Instant present = Instant.now(clock);
    if (text == null) {
      return present;
    }
    Instant instant = Common.instant(text, "--now");
    if (instant.isAfter(present)) {
      throw new TidelineException(
          ErrorCode.CLOCK_WRONG,
          "Cannot count from '" + text + "': it is later than this machine's clock.",
          "Nothing was changed.",
          "Give an earlier instant, or set the machine's clock.");
    }
    return instant;
  }
}
