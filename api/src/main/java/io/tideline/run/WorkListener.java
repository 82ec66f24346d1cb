package io.tideline.run;

/** Hears how far a backup or a reclaim is. Called on the thread that works: return quickly. */
@FunctionalInterface
public interface WorkListener {
  /** A listener that does nothing. */
  WorkListener NONE = (what, done, total) -> {};

  /**
   * Hears that work went on.
   *
   * @param what what is done, for a person: "copying"
   * @param done bytes done
   * @param total bytes in all; 0 if that is not known, and with no bytes done if the words say all
   */
  void at(String what, long done, long total);

  /**
   * Hears that a step came to its end, just after it did. A process may die at any of them: the
   * database stays as usable as before, and the next command tidies.
   *
   * @param step its word, such as {@code backup-named}
   */
  default void stepped(String step) {}
}
