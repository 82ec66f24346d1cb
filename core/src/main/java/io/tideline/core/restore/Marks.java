package io.tideline.core.restore;

import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.Restored;
import io.tideline.core.work.RunContext;
import io.tideline.row.RowRanges;
import java.time.Instant;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Writes which rows and references a restore brought back to the source. */
final class Marks {
  private final RunContext context;
  private final String restore;

  /**
   * @param restore the restore that brought them back
   */
  Marks(RunContext context, String restore) {
    this.context = context;
    this.restore = restore;
  }

  /**
   * Writes a file beside each manifest of which anything came back.
   *
   * @param rows the rows of each segment
   * @param detached the rows of each file of detached values
   */
  void write(Map<Manifest, List<BitSet>> rows, Map<Manifest, List<BitSet>> detached) {
    Set<Manifest> manifests = new LinkedHashSet<>(rows.keySet());
    manifests.addAll(detached.keySet());
    for (Manifest manifest : manifests) {
      List<BitSet> segments = rows.getOrDefault(manifest, empty(manifest.segments()));
      List<BitSet> files = detached.getOrDefault(manifest, empty(manifest.detached()));
      if (Stream.concat(segments.stream(), files.stream()).anyMatch(set -> !set.isEmpty())) {
        context
            .archive()
            .restored(
                manifest,
                new Restored(
                    Manifest.VERSION,
                    restore,
                    Instant.now(context.clock()),
                    segments.stream().map(RowRanges::of).toList(),
                    files.isEmpty() ? null : files.stream().map(RowRanges::of).toList()));
      }
    }
  }

  private static List<BitSet> empty(List<Manifest.Segment> files) {
    return files.stream().map(file -> new BitSet()).toList();
  }
}
