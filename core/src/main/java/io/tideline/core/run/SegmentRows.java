package io.tideline.core.run;

import io.tideline.policy.Pace;

/**
 * How many rows the segments of a policy take. The first ones are small, so that deleting begins
 * soon; offline the last ones are small too, so that little is left to delete when all is archived.
 */
final class SegmentRows {
  private static final int SMALLEST = 40_000;
  private static final int LARGEST = 300_000;

  /** An end of a table is archived in quarters of what is left. */
  private static final int PARTS = 4;

  private final boolean tapers;
  private long left;
  private int rising = SMALLEST;

  /**
   * @param expected how many rows are to come, about
   */
  SegmentRows(long expected, Pace pace) {
    this.left = expected;
    this.tapers = pace.offline();
  }

  /** How many rows the segment that is open may take. */
  int most() {
    long falling = tapers ? Math.max(SMALLEST, left / PARTS) : LARGEST;
    return (int) Math.min(rising, falling);
  }

  /** Learns that a segment of so many rows is closed. */
  void closed(long rows) {
    left -= rows;
    rising = Math.min(LARGEST, rising * 2);
  }
}
