package io.tideline.testkit.maintenance;

import io.tideline.run.WorkListener;

/** Does something when a step is done for the first time. */
final class Doing implements WorkListener {
  private final String step;
  private final Runnable work;
  private boolean done;

  Doing(String step, Runnable work) {
    this.step = step;
    this.work = work;
  }

  @Override
  public void at(String what, long done, long total) {}

  @Override
  public void stepped(String now) {
    if (!done && now.equals(step)) {
      done = true;
      work.run();
    }
  }

  boolean done() {
    return done;
  }
}
