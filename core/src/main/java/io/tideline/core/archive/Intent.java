package io.tideline.core.archive;

import io.tideline.run.Hold;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a restore into the source is about to do, written before its first commit. While no report
 * lies beside it, the next run finds out which rows came back.
 *
 * @param version the version of the archive's form
 * @param restore the restore
 * @param startedAt when
 * @param manifests the names of the manifests it reads
 * @param hold the hold it placed
 */
public record Intent(
    int version, String restore, Instant startedAt, List<String> manifests, Optional<Hold> hold) {
  /** Copies the list. */
  public Intent {
    manifests = List.copyOf(manifests);
  }
}
