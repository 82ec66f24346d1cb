package io.tideline.dialect;

/** What a role may be allowed to do with a table. */
public enum Right {
  /** Read its rows. */
  SELECT,
  /** Add rows. */
  INSERT,
  /** Change any column. */
  UPDATE,
  /** Lock rows: the right to update one column is enough. */
  LOCK,
  /** Delete rows. */
  DELETE,
  /** Make the table, in its schema. */
  CREATE
}
