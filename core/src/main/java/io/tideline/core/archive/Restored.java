package io.tideline.core.archive;

import io.tideline.row.RowRanges;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a manifest a restore brought back to the source. Written once, after the restore's
 * last commit.
 *
 * @param version the version of the archive's form
 * @param restore the restore
 * @param restoredAt when
 * @param segments the rows of each segment of the manifest, in its order
 * @param detached the rows of each of its files of detached values whose references are set again;
 *     null for none
 */
public record Restored(
    int version,
    String restore,
    Instant restoredAt,
    List<RowRanges> segments,
    @Nullable List<RowRanges> detached) {
  /** Copies the lists. */
  public Restored {
    segments = List.copyOf(segments);
    detached = detached == null ? null : List.copyOf(detached);
  }

  /** The rows of a file of detached values whose references are set again. */
  public RowRanges attached(int file) {
    return detached == null ? RowRanges.empty() : detached.get(file);
  }
}
