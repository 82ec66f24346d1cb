package io.tideline.policy;

import java.util.Optional;

/**
 * On which terms runs work, beside what they do.
 *
 * @param pace how hard
 * @param window in which hours; empty means at any time
 * @param probe what must stay quick meanwhile
 * @param require what must be so before rows go, and while they do
 */
public record Terms(Pace pace, Optional<Window> window, Optional<Probe> probe, Require require) {
  /** Terms that require nothing. */
  public Terms(Pace pace, Optional<Window> window, Optional<Probe> probe) {
    this(pace, window, probe, Require.NOTHING);
  }

  /** At a pace, at any time, without a probe. */
  public static Terms of(Pace pace) {
    return new Terms(pace, Optional.empty(), Optional.empty());
  }

  /** The same at another pace. */
  public Terms withPace(Pace other) {
    return new Terms(other, window, probe, require);
  }

  /** The same with other guards. */
  public Terms withRequire(Require other) {
    return new Terms(pace, window, probe, other);
  }
}
