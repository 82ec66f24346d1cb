package io.tideline.testkit;

import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import java.util.concurrent.atomic.AtomicInteger;

/** Throws when a step is done for the nth time, once; or runs something of the test's there. */
public final class FailingAt implements RunListener {
  private final Step step;
  private final AtomicInteger left;
  private final Runnable act;

  private FailingAt(Step step, int nth, Runnable act) {
    this.step = step;
    this.left = new AtomicInteger(nth);
    this.act = act;
  }

  /** A listener that throws {@link Failure}. */
  public FailingAt(Step step, int nth) {
    this(step, nth, failing(step, nth));
  }

  private static Runnable failing(Step step, int nth) {
    return () -> {
      throw new Failure(step.word() + " for the " + nth + ". time");
    };
  }

  /** A listener that does something between two steps: what another user of the database does. */
  public static FailingAt doing(Step step, int nth, Runnable act) {
    return new FailingAt(step, nth, act);
  }

  /** Whether the step was reached as often as needed. */
  public boolean happened() {
    return left.get() <= 0;
  }

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunEvent.Stepped stepped
        && stepped.step() == step
        && left.decrementAndGet() == 0) {
      act.run();
    }
  }

  /** The failure that it throws. */
  public static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }
}
