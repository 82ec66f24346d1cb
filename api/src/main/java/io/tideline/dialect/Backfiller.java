package io.tideline.dialect;

import io.tideline.tuning.BackfillState;
import java.time.Instant;
import java.util.Optional;

/**
 * Changes the values of one column in short transactions, each of which notes how far it is in a
 * table of ours beside the rows: a transaction whose answer was lost is settled by reading that
 * note. Belongs to a {@link Writer}. Every method that changes something refuses with {@code
 * BACKFILL_CHANGED} if the note is not the one that was read last.
 */
public interface Backfiller {
  /**
   * What the database says of the backfill; reads anew and goes to the place that it says.
   *
   * @return empty if it has not begun
   */
  Optional<BackfillState> state();

  /**
   * Begins, in one transaction: the column, the log of the old values, the trigger, the note.
   *
   * @throws io.tideline.error.TidelineException {@code BACKFILL_REFUSED} if a name is taken, {@code
   *     DATABASE_BUSY}: nothing was changed
   */
  void begin(BackfillState first, Instant now);

  /**
   * Looks at the next rows after the place, and changes nothing.
   *
   * @param rows how many at most
   * @param compare how many of them are compared with what they should hold
   */
  Look look(int rows, int compare);

  /**
   * What a look saw.
   *
   * @param rows how many rows; 0 at the end of the table
   * @param matching how many of them meet the condition
   * @param compared how many were compared
   * @param different how many of these hold something else
   */
  record Look(long rows, long matching, long compared, long different) {}

  /**
   * Changes the rows of the last look in one transaction, and goes to their end.
   *
   * @param look the last look
   * @param wait whether a row that somebody has locked is waited for, and not left for later
   * @param before runs before the commit
   * @throws RefusedException if the database refuses a row; nothing was changed, the place is the
   *     old one
   * @throws io.tideline.error.TidelineException {@code BACKFILL_REFUSED} if a changed row still
   *     meets the condition, {@code CATALOGUE_CHANGED} if the table is not as read
   */
  Batch fill(Look look, boolean wait, Runnable before);

  /**
   * What a transaction did.
   *
   * @param matching how many rows met the condition, those of others left out
   * @param changed how many were written
   * @param held the nanoseconds that it held its locks
   */
  record Batch(long matching, long changed, long held) {}

  /** Goes to the end of the last look without changing anything. */
  void skip();

  /** Notes another phase or another walk, durably; a new walk begins at the table's beginning. */
  void note(BackfillState next);

  /**
   * Makes the column NOT NULL without holding others up for long, in steps that may be repeated.
   *
   * @return what was not done, one sentence; empty if the database keeps it now
   * @throws io.tideline.error.TidelineException {@code DATABASE_BUSY}; {@code BACKFILL_LEFT} if a
   *     row has no value
   */
  Optional<String> require();

  /**
   * Forgets the old values of the next rows of the log, where a large log cannot go at once.
   *
   * @return how many; 0 if it is empty, or may go at once
   */
  default long forget(int rows) {
    return 0;
  }

  /** Ends it in one durable transaction: its trigger, its log and its note go. */
  void end();

  /** Notes that it is undone, in the transaction that removes its trigger and its NOT NULL. */
  void beginUndo();

  /**
   * Puts back the old value of the next rows of the log that hold what was written.
   *
   * @param before runs before the commit
   */
  Restored restore(int rows, Runnable before);

  /**
   * What went back.
   *
   * @param rows how many rows of the log were taken; 0 at its end
   * @param restored how many hold their old value again
   * @param held the nanoseconds that it held its locks
   */
  record Restored(long rows, long restored, long held) {}

  /**
   * Removes the column that was added, and the note.
   *
   * @param discard whether values that are not what the source says go with it
   * @throws io.tideline.error.TidelineException {@code BACKFILL_LEFT} if there are such values, or
   *     something uses the column: nothing was changed
   */
  void dropColumn(boolean discard);
}
