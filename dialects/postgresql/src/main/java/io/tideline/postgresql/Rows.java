package io.tideline.postgresql;

/**
 * The rows of a table that a statement is about.
 *
 * @param from the table
 * @param using what it is joined with; empty if nothing
 * @param where the condition
 */
record Rows(String from, String using, String where) {
  /** What follows DELETE FROM. */
  String deleted() {
    return from + (using.isEmpty() ? "" : " USING " + using) + " WHERE " + where;
  }

  /** What follows SELECT … FROM. */
  String selected() {
    return from + (using.isEmpty() ? "" : ", " + using) + " WHERE " + where;
  }
}
