package io.tideline.store.migrate;

/** How far a migration is. It is noted in the database. */
public enum Stage {
  /** The store has the old layout, and nothing was begun. */
  OLD,
  /** Rows are copied into new tables; the old ones are in use. */
  FILLING,
  /** All rows were copied once, changes are followed; the old tables are in use. */
  FOLLOWING,
  /** The new tables are in use, the old ones are kept. */
  SWITCHED,
  /** Changes made since the switch are copied back; the new tables are in use. */
  RETURNING,
  /** The old tables are in use, what was made beside them is removed. */
  DROPPING,
  /** The new tables are in use, the old ones are removed. */
  FINISHING,
  /** The store has the new layout, and nothing is left of a migration. */
  NEW
}
