package io.tideline.maintenance.bench;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only where a test says so. */
final class SetTicker implements Ticker {
  private final AtomicLong now = new AtomicLong(1_000);

  @Override
  public long nanos() {
    return now.get();
  }

  @Override
  public void sleep(long nanos) {
    now.addAndGet(nanos);
  }

  void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
