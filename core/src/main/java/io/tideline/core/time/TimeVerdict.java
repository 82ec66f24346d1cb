package io.tideline.core.time;

/** What a stored time says of a row's age. */
public enum TimeVerdict {
  /** Strictly older than the cutoff. */
  EXPIRED,
  /** Not older than the cutoff and not later than now. */
  FRESH,
  /** Later than now; infinity too. */
  FUTURE,
  /** There is no value. */
  NO_TIME,
  /** It is written in another form than the column's, or no such time exists. */
  UNREADABLE,
  /**
   * It is a number older than the cutoff that, read in another usual unit, would lie between cutoff
   * and now.
   */
  OTHER_UNIT
}
