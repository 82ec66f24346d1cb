package io.tideline.cli;

/** How a command hears that it shall end early. */
@FunctionalInterface
public interface Interrupts {
  /**
   * Calls {@code stop} when the command shall end, until closed.
   *
   * @param stop ends the command's work after its batch
   */
  Listening listen(Runnable stop);

  /** Until closed, the command hears. */
  interface Listening extends AutoCloseable {
    @Override
    void close();
  }
}
