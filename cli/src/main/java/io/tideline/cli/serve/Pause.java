package io.tideline.cli.serve;

import java.time.Duration;
import java.time.Instant;

/** Waits. */
public interface Pause {
  /** Waits until an instant, until woken, or for about a second; clocks may jump meanwhile. */
  void until(Instant instant);

  /** Ends the present or the next wait. Any thread may call it. */
  void wake();

  /** The wait of a real process. */
  static Pause real() {
    return new Pause() {
      private static final long LONGEST = 1_000;
      private boolean woken;

      @Override
      public synchronized void until(Instant instant) {
        long end = System.nanoTime() + LONGEST * 1_000_000;
        try {
          while (!woken && Instant.now().isBefore(instant)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
              break;
            }
            long ahead =
                Instant.now().plusMillis(LONGEST).isBefore(instant)
                    ? LONGEST
                    : Math.max(1, Duration.between(Instant.now(), instant).toMillis());
            wait(Math.min(left, ahead));
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        woken = false;
      }

      @Override
      public synchronized void wake() {
        woken = true;
        notifyAll();
      }
    };
  }
}
