package io.tideline.dialect;

import io.tideline.tuning.BackfillState;
import java.util.List;
import java.util.Optional;

/**
 * What a database says of a backfill that might begin or go on.
 *
 * @param state how far it is; empty if it has not begun
 * @param rows about how many rows the table has
 * @param notes what a person should know of it on this database, one sentence each
 */
public record BackfillSurvey(Optional<BackfillState> state, long rows, List<String> notes) {
  /** Copies the list. */
  public BackfillSurvey {
    notes = List.copyOf(notes);
  }
}
