package io.tideline.maintenance.backfill;

import java.util.List;

/**
 * What was done.
 *
 * @param name the backfill
 * @param did how it came out
 * @param rows the rows of the last walk over the table, or of the log that was put back
 * @param changed how many values were written in all, or put back
 * @param left how many rows meet the condition still, or were not put back because they hold
 *     something else by now or are gone
 * @param refused how many of these the database refused, by constraints or triggers
 * @param compared how many rows were compared
 * @param different how many of these hold something else than was written or should be
 * @param notes what a person should know, one sentence each
 */
public record BackfillReport(
    String name,
    Did did,
    long rows,
    long changed,
    long left,
    long refused,
    long compared,
    long different,
    List<String> notes) {
  /** How it came out. */
  public enum Did {
    /** Nothing had to be done. */
    NOTHING,
    /** Every row has its value; it is to be finished. */
    FILLED,
    /** It is finished, and nothing of it is left in the database. */
    FINISHED,
    /** It is taken back, and nothing of it is left in the database. */
    UNDONE,
    /** It ended early; the same command goes on. */
    STOPPED
  }

  /** Copies the list. */
  public BackfillReport {
    notes = List.copyOf(notes);
  }
}
