package io.tideline.tuning;

/** How far the move of a plain table to a partitioned one has come. */
public enum MovePhase {
  /** Nothing of it is there. */
  NONE,
  /** The partitioned copy is there, and empty; the table is untouched. */
  PREPARED,
  /** Triggers write the keys of changed rows down, and rows are copied. */
  FILLING,
  /** Every row was copied; what changes since is taken over again and again. */
  FILLED,
  /** The copy has the table's name, and the old table follows it. */
  SWITCHED,
  /** The old table has its name back; the copy is left beside it. */
  UNDONE,
  /** Nothing follows any more; the old table is left beside the new one. */
  FINISHED
}
