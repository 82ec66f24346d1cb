package io.tideline.cli.serve;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/** A clock that leaps to whatever is waited for, and to what a test does at set times. */
final class DrivenTime extends Clock implements Pause {
  private final TreeMap<Instant, Runnable> script = new TreeMap<>();
  private volatile Instant now;

  DrivenTime(Instant now) {
    this.now = now;
  }

  /** Does something when the clock shows an instant for the first time. */
  DrivenTime at(String instant, Runnable what) {
    script.put(Instant.parse(instant), what);
    return this;
  }

  /** Puts the clock, forward or back. */
  void put(Instant other) {
    now = other;
  }

  void leap(Duration by) {
    now = now.plus(by);
  }

  @Override
  public void until(Instant instant) {
    Map.Entry<Instant, Runnable> first = script.firstEntry();
    if (first != null && !first.getKey().isAfter(instant)) {
      script.pollFirstEntry();
      now = first.getKey().isAfter(now) ? first.getKey() : now;
      first.getValue().run();
    } else {
      now = instant.isAfter(now) ? instant : now;
    }
  }

  @Override
  public void wake() {}

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
