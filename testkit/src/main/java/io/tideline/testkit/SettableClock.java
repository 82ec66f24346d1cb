package io.tideline.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is set; thread-safe. */
public final class SettableClock extends Clock {
  private volatile Instant now;

  /** A clock that shows {@code now}. */
  public SettableClock(Instant now) {
    this.now = now;
  }

  /** Sets the clock. */
  public void set(Instant instant) {
    now = instant;
  }

  /** Moves the clock on, or back. */
  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** The same: instants have no zone. */
  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
