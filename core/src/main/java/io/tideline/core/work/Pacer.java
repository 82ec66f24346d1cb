package io.tideline.core.work;

import io.tideline.policy.Pace;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import java.time.Duration;

/**
 * Sizes batches by how long each held its locks, and rests between them: twice as long as the work
 * took at a gentle pace, not at all offline.
 */
public final class Pacer {
  private static final int SMALLEST = 50;
  private static final int LARGEST = 100_000;
  private static final int LARGEST_OFFLINE = 200_000;
  private static final Duration OFFLINE = Duration.ofSeconds(5);
  private static final int GENTLE_START = 200;
  private static final int OFFLINE_START = 5_000;

  /** A writer whose busy handler backs off needs a pause that it can hit. */
  private static final long SHORTEST_REST = 10_000_000;

  private static final double SMOOTHING = 0.4;
  private static final double GROWTH = 1.5;

  private final boolean gentle;
  private final double target;
  private final RunListener listener;
  private final Control control;
  private double nanosPerRow;
  private int batch;

  /**
   * Paces a run.
   *
   * @param target how long a transaction should hold its locks at a gentle pace; offline it is
   *     seconds, because where keys are random every transaction writes nearly every page
   */
  private Pacer(Pace pace, Duration target, RunListener listener, Control control) {
    this.control = control;
    this.gentle = pace == Pace.GENTLE;
    this.target = (gentle ? target : OFFLINE).toNanos();
    this.listener = listener;
    this.batch = gentle ? GENTLE_START : OFFLINE_START;
  }

  /** Paces the work of a context. */
  public static Pacer of(RunContext context) {
    return new Pacer(
        context.pace(), context.database().lockTarget(), context.listener(), context.control());
  }

  /** How many rows the next batch should have. */
  public int batch() {
    return batch;
  }

  /** Learns how long a batch held its locks, and rests, or waits while the run is paused. */
  public void held(long nanos, int rows) {
    double now = (double) nanos / Math.max(1, rows);
    nanosPerRow = nanosPerRow == 0 ? now : SMOOTHING * now + (1 - SMOOTHING) * nanosPerRow;
    double wanted = target / nanosPerRow;
    batch =
        (int)
            Math.max(
                SMALLEST,
                Math.min(gentle ? LARGEST : LARGEST_OFFLINE, Math.min(wanted, batch * GROWTH)));
    if (gentle) {
      rest(Duration.ofNanos(Math.max(SHORTEST_REST, 2 * nanos)));
    }
    control.waitWhilePaused(listener);
  }

  /** Waits for a reason that the listener hears, unless it is the ordinary rest. */
  public void wait(String reason, Duration pause) {
    listener.on(new RunEvent.Waited(reason, pause));
    rest(pause);
  }

  static void rest(Duration pause) {
    try {
      Thread.sleep(Math.max(1, pause.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
