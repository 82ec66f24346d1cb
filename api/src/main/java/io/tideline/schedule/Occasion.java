package io.tideline.schedule;

import java.util.Locale;

/** What may be told to others. */
public enum Occasion {
  /** A run came to its end, or ended early as it was asked to. */
  FINISH,
  /** A run or a job failed. */
  FAILURE,
  /** A guard, a floor or a stale plan forbade a run. */
  TRIPWIRE,
  /** A policy has expired rows and has deleted nothing for long. */
  ALARM;

  /** The word in the file and in what is told. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
