package io.tideline.archive;

import java.time.Instant;
import java.util.List;

/**
 * What the archive shows of one tree: its root and what went with it.
 *
 * @param name the table of its root, a slash, and the root's key, as it was asked for
 * @param run the run that archived it
 * @param sealedAt when it was sealed
 * @param tables its rows, the root's table first
 * @param detached the references of rows that stayed: what columns held that became NULL, named by
 *     their foreign keys, as in {@code notes(run_id)}; without those that are set again
 */
public record ArchivedTree(
    String name,
    String run,
    Instant sealedAt,
    List<ArchiveView> tables,
    List<ArchiveView> detached) {
  /** Copies the lists. */
  public ArchivedTree {
    tables = List.copyOf(tables);
    detached = List.copyOf(detached);
  }
}
