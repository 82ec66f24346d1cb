package io.tideline;

import io.tideline.plan.Plan;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the policies of a database again and again inside an application, on one thread of
 * its own and at the pace of the settings, which is gentle unless they say otherwise. Runs never
 * overlap; one that another process holds up, or that fails, is told and the next is tried at its
 * time. A killed application loses nothing: the next run, of whichever process, finishes the work.
 * Safe for any number of threads.
 */
public final class Retention implements AutoCloseable {
  /** So that a clock that was set, or a machine that slept, is noticed. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final RetentionOpening how;
  private final Clock clock;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Tideline running;
  private boolean asked;
  private boolean closed;

  Retention(RetentionOpening how) {
    this.how = how;
    this.clock = how.clock();
    this.thread = new Thread(this::rounds, "tideline-retention");
    thread.setDaemon(true);
  }

  /** Begins to say when the policies run. */
  public static RetentionOpening of(Settings settings) {
    return new RetentionOpening(settings);
  }

  void start() {
    thread.start();
  }

  private void rounds() {
    try {
      while (awaitTurn()) {
        try {
          round();
        } catch (RuntimeException e) {
          // Of the listener. It does not end what the application relies upon.
          thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a run shall begin; false when it is closed. */
  private boolean awaitTurn() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Instant due = how.next(clock.instant());
      for (Instant now = clock.instant();
          !closed && !asked && now.isBefore(due);
          now = clock.instant()) {
        Duration left = Duration.between(now, due);
        Duration wait = left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
        changed.awaitNanos(wait.toNanos());
        // A clock that stepped back brings times that are nearer again.
        Instant again = how.next(clock.instant());
        due = again.isBefore(due) ? again : due;
      }
      asked = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void round() {
    try (Tideline tideline = Tideline.open(how.settings(), clock)) {
      if (!begin(tideline)) {
        return;
      }
      Plan plan =
          tideline.plan(
              Selection.all(),
              event -> {
                if (isClosed()) {
                  throw new ClosedWhilePlanning();
                }
              });
      how.tell(tideline.run(plan, RunListener.NONE));
    } catch (ClosedWhilePlanning e) {
      // A plan has changed nothing: it need not come to its end.
    } catch (RuntimeException e) {
      how.tell(e);
    } finally {
      end();
    }
  }

  private static final class ClosedWhilePlanning extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private boolean begin(Tideline tideline) {
    lock.lock();
    try {
      running = tideline;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      running = null;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a run is under way. */
  public boolean running() {
    lock.lock();
    try {
      return running != null;
    } finally {
      lock.unlock();
    }
  }

  /** Asks for a run now, or after the one under way; returns at once. */
  public void runSoon() {
    lock.lock();
    try {
      asked = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks the run under way to end after its batch, and waits for that at most so long. What it
   * leaves the next run finishes. Again does nothing.
   *
   * @return whether it has ended
   */
  public boolean close(Duration most) {
    lock.lock();
    try {
      closed = true;
      if (running != null) {
        running.stop();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Math.max(1, most.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  /** The same, waiting a minute at most. */
  @Override
  public void close() {
    close(LONGEST_WAIT);
  }
}
