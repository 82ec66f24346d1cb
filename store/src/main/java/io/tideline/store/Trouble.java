package io.tideline.store;

/** What kind of failure a database reports. */
enum Trouble {
  /** Another holds a lock: the same may work in a moment. */
  BUSY,
  /** The connection is gone; what was not committed is rolled back. */
  LOST,
  /** The row itself is refused: it will be refused again. */
  ROW,
  /** Neither of these: no room, no table, no right. */
  OTHER;

  /** Whether the same is tried again at once. */
  boolean passes() {
    return this == BUSY || this == LOST;
  }
}
