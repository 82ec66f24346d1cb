package io.tideline.testkit.indexes;

import io.tideline.run.WorkListener;
import java.util.function.Consumer;

/** Hears the steps only. */
class Steps implements WorkListener {
  private final Consumer<String> heard;

  Steps(Consumer<String> heard) {
    this.heard = heard;
  }

  @Override
  public void at(String what, long done, long total) {}

  @Override
  public final void stepped(String step) {
    heard.accept(step);
  }
}
