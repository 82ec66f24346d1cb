package io.tideline.run;

import java.time.Duration;
import java.util.Optional;

/**
 * How a policy's table stands.
 *
 * @param policy the policy
 * @param table the table
 * @param active rows in the table
 * @param archivable rows that would go now
 * @param archived rows that the archive shows of it, or its archive table holds
 * @param retain how long rows are kept; empty if the policy is off
 */
public record TableStats(
    String policy,
    String table,
    long active,
    long archivable,
    long archived,
    Optional<Duration> retain) {
  /** Whether a run would remove rows. */
  public boolean needsArchival() {
    return archivable > 0;
  }
}
