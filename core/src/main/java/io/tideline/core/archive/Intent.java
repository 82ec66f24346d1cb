package io.tideline.core.archive;

import io.tideline.row.RowRanges;
import io.tideline.run.Hold;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a restore into the source is about to do, written before its first commit. While no report
 * lies beside it, the next run finds out which rows came back.
 *
 * @param version the version of the archive's form
 * @param restore the restore
 * @param startedAt when
 * @param manifests the names of the manifests it reads
 * @param hold the hold it placed
 * @param map names of archived columns to names of present ones; an empty name leaves one out
 * @param rows the chosen rows: for each manifest by name, those of each segment; all rows of a
 *     manifest that is not named
 * @param detached the references that are to be set again: for each manifest by name, the rows of
 *     each file of detached values; none of a manifest that is not named
 * @param moved the rows of archive tables of which older copies stay there: for each archive table
 *     by name, the digest of each row's key and when the copy was moved that comes back
 */
public record Intent(
    int version,
    String restore,
    Instant startedAt,
    List<String> manifests,
    Optional<Hold> hold,
    @Nullable Map<String, String> map,
    @Nullable Map<String, List<RowRanges>> rows,
    @Nullable Map<String, List<RowRanges>> detached,
    @Nullable Map<String, Map<String, Instant>> moved) {
  /** Copies; an intent without the last four has neither map nor choice, and sets no reference. */
  public Intent {
    manifests = List.copyOf(manifests);
    map = map == null ? Map.of() : Map.copyOf(map);
    rows = rows == null ? Map.of() : Map.copyOf(rows);
    detached = detached == null ? Map.of() : Map.copyOf(detached);
    moved = moved == null ? Map.of() : Map.copyOf(moved);
  }

  @Override
  public Map<String, String> map() {
    return map == null ? Map.of() : map;
  }

  /** The references of a manifest that are to be set again, in each file of detached values. */
  public Optional<List<RowRanges>> detached(String manifest) {
    return Optional.ofNullable(detached == null ? null : detached.get(manifest));
  }

  /** When the newest copies of keys of an archive table were moved, of which older ones stayed. */
  public Map<String, Instant> moved(String archiveTable) {
    return moved == null ? Map.of() : moved.getOrDefault(archiveTable, Map.of());
  }

  /** The chosen rows of each segment of a manifest; empty if all of them were. */
  Optional<List<RowRanges>> rows(String manifest) {
    return Optional.ofNullable(rows == null ? null : rows.get(manifest));
  }

  /** The chosen rows of a segment; empty if all of them were. */
  public Optional<RowRanges> rows(String manifest, int segment) {
    return rows(manifest).map(chosen -> chosen.get(segment));
  }
}
