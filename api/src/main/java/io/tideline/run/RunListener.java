package io.tideline.run;

/** Hears what happens while a run goes. Called on the threads that work: return quickly. */
@FunctionalInterface
public interface RunListener {
  /** A listener that does nothing. */
  RunListener NONE = event -> {};

  /**
   * Hears one event. An exception stops the run as a failure of the step would.
   *
   * @param event what happened
   */
  void on(RunEvent event);

  /** Tells that a step is done. */
  default void stepped(Step step) {
    on(new RunEvent.Stepped(step));
  }
}
