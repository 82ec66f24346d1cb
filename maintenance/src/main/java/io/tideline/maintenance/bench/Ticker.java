package io.tideline.maintenance.bench;

import java.util.concurrent.locks.LockSupport;

/** A clock that only runs forward, and the way to wait by it. */
public interface Ticker {
  /** The machine's. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleep(long nanos) {
          LockSupport.parkNanos(nanos);
        }
      };

  /** Nanoseconds since any moment. */
  long nanos();

  /** Waits about so long, or shorter. */
  void sleep(long nanos);
}
