package io.tideline.core.archive;

import io.tideline.row.RowRanges;
import java.time.Instant;
import java.util.List;

/**
 * Which rows of a manifest a restore brought back to the source. Written once, after the restore's
 * last commit.
 *
 * @param version the version of the archive's form
 * @param restore the restore
 * @param restoredAt when
 * @param segments the rows of each segment of the manifest, in its order
 */
public record Restored(int version, String restore, Instant restoredAt, List<RowRanges> segments) {
  /** Copies the list. */
  public Restored {
    segments = List.copyOf(segments);
  }
}
