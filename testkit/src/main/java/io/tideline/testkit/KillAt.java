package io.tideline.testkit;

import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends the JVM at once, as {@code kill -9} would, when a step is done for the nth time. */
public final class KillAt implements RunListener {
  /** The exit code of a process ended so: that of SIGKILL. */
  public static final int EXIT = 137;

  private final Step step;
  private final AtomicInteger left;

  /**
   * A listener that ends the JVM.
   *
   * @param nth which time, from 1
   */
  public KillAt(Step step, int nth) {
    this.step = step;
    this.left = new AtomicInteger(nth);
  }

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunEvent.Stepped stepped
        && stepped.step() == step
        && left.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(EXIT);
    }
  }
}
