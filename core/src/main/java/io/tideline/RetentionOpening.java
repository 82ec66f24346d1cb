package io.tideline;

import io.tideline.policy.Settings;
import io.tideline.run.RunReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * When {@link Retention} runs, and who hears of it. Each method changes this opening and returns
 * it. Used by one thread.
 */
public final class RetentionOpening {
  private final Settings settings;
  private Clock clock = Clock.systemUTC();
  private Function<Instant, Optional<Instant>> next = every(86_400);
  private Consumer<RunReport> onRun = report -> {};
  private Consumer<RuntimeException> onFailure = failure -> {};

  RetentionOpening(Settings settings) {
    this.settings = Objects.requireNonNull(settings);
  }

  /** At every whole multiple of a time since 1970, in UTC; a day unless set, a second at least. */
  public RetentionOpening every(Duration interval) {
    if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("Cannot run more often than once a second: " + interval);
    }
    next = every(interval.toSeconds());
    return this;
  }

  private static Function<Instant, Optional<Instant>> every(long seconds) {
    return now ->
        Optional.of(
            Instant.ofEpochSecond((Math.floorDiv(now.getEpochSecond(), seconds) + 1) * seconds));
  }

  /**
   * At times of one's own, such as those of a cron line: {@code at(CronLine.parse("30 3 * * *",
   * ZoneOffset.UTC)::next)}.
   *
   * @param next the first time after another; empty for never again
   */
  public RetentionOpening at(Function<Instant, Optional<Instant>> next) {
    this.next = Objects.requireNonNull(next);
    return this;
  }

  /** Who hears of runs, on the thread of the runs; nobody unless set. */
  public RetentionOpening onRun(Consumer<RunReport> listener) {
    onRun = Objects.requireNonNull(listener);
    return this;
  }

  /**
   * Who hears of a run that could not begin, such as of {@code LEASE_HELD}; nobody unless set. The
   * next is tried all the same.
   */
  public RetentionOpening onFailure(Consumer<RuntimeException> listener) {
    onFailure = Objects.requireNonNull(listener);
    return this;
  }

  /** The clock; the machine's unless set, and never ahead of it. */
  public RetentionOpening clock(Clock clock) {
    this.clock = Objects.requireNonNull(clock);
    return this;
  }

  /** Starts the thread. The first run comes at the first time after now. */
  public Retention start() {
    Retention retention = new Retention(this);
    retention.start();
    return retention;
  }

  Settings settings() {
    return settings;
  }

  Clock clock() {
    return clock;
  }

  Instant next(Instant now) {
    return next.apply(now).orElse(Instant.MAX);
  }

  void tell(RunReport report) {
    onRun.accept(report);
  }

  void tell(RuntimeException failure) {
    onFailure.accept(failure);
  }
}
