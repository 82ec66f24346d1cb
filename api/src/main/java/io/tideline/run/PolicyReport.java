package io.tideline.run;

import io.tideline.plan.Kept;
import io.tideline.policy.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one policy did.
 *
 * @param policy its name
 * @param table the table
 * @param action what was done with the rows
 * @param cutoff rows strictly older expired
 * @param archived rows written to sealed and verified segments
 * @param removed rows that left the table
 * @param gone rows that were to go and were missing then: the application deleted them first; the
 *     archive, if they were archived, shows them so
 * @param bytes bytes of the values of the removed rows
 * @param segments sealed segments
 * @param archiveBytes bytes of the segments
 * @param kept rows that stay, by reason
 */
public record PolicyReport(
    String policy,
    String table,
    Action action,
    Optional<Instant> cutoff,
    long archived,
    long removed,
    long gone,
    long bytes,
    int segments,
    long archiveBytes,
    List<Kept> kept) {
  /** Copies the list. */
  public PolicyReport {
    kept = List.copyOf(kept);
  }

  /** The rows that stay although the policy asked for them to go. */
  public long left() {
    return kept.stream().filter(k -> !k.reason().asAsked()).mapToLong(Kept::rows).sum();
  }
}
