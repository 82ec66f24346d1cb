package io.tideline.policy;

import java.util.Optional;

/**
 * On which terms runs work, beside what they do.
 *
 * @param pace how hard
 * @param window in which hours; empty means at any time
 * @param probe what must stay quick meanwhile
 */
public record Terms(Pace pace, Optional<Window> window, Optional<Probe> probe) {
  /** At a pace, at any time, without a probe. */
  public static Terms of(Pace pace) {
    return new Terms(pace, Optional.empty(), Optional.empty());
  }

  /** The same at another pace. */
  public Terms withPace(Pace other) {
    return new Terms(other, window, probe);
  }
}
