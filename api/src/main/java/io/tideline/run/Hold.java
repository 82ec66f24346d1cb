package io.tideline.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Rows that no run takes away.
 *
 * @param id its id
 * @param table the table
 * @param keys the rows, each by its key's values in text; empty if a predicate says
 * @param where the rows for which this SQL predicate is true or NULL; empty if keys say
 * @param restore the restore whose rows are held; empty if keys or a predicate say
 * @param reason why
 * @param placedAt when it was placed
 * @param until when it ends by itself; never if empty
 */
public record Hold(
    String id,
    String table,
    List<String> keys,
    Optional<String> where,
    Optional<String> restore,
    String reason,
    Instant placedAt,
    Optional<Instant> until) {
  /** Copies the list. */
  public Hold {
    keys = List.copyOf(keys);
  }
}
