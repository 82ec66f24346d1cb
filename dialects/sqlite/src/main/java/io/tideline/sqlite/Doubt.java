package io.tideline.sqlite;

/** How much of a table must be compared, because something may have changed it unseen. */
enum Doubt {
  /** Nothing. */
  NONE,

  /** Its number of rows and their keys: a row may have come. */
  KEYS,

  /** Its rows: one may have come in the place of another. */
  ROWS
}
