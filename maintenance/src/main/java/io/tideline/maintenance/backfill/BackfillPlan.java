package io.tideline.maintenance.backfill;

import io.tideline.tuning.BackfillState;
import java.util.List;
import java.util.Optional;

/**
 * What a backfill would do.
 *
 * @param name its name
 * @param table its table
 * @param column its column
 * @param does what it does, one sentence
 * @param rows about how many rows the table has
 * @param newRows what becomes of rows that the application goes on to write, one sentence
 * @param state how far it is; empty if it has not begun
 * @param notes what a person should know, one sentence each
 */
public record BackfillPlan(
    String name,
    String table,
    String column,
    String does,
    long rows,
    String newRows,
    Optional<BackfillState> state,
    List<String> notes) {
  /** Copies the list. */
  public BackfillPlan {
    notes = List.copyOf(notes);
  }
}
