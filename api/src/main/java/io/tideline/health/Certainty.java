package io.tideline.health;

/** How sure a finding is. */
public enum Certainty {
  /** It was seen. */
  SURE,
  /** It follows from what the engine counted. */
  LIKELY,
  /** It follows from an estimate. */
  GUESS
}
