package io.tideline.policy;

import java.util.Locale;

/** How hard a run may work. */
public enum Pace {
  /** Beside live traffic: short locks, rests as long as the work. The default. */
  GENTLE,
  /** Alone: as fast as the machine allows. */
  OFFLINE;

  /** The word in a configuration. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
