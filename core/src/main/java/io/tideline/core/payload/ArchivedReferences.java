package io.tideline.core.payload;

import io.tideline.catalogue.TableName;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.SegmentFile;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The references of rows that were archived and deleted: a file that only they name had a purpose
 * once, and is no orphan.
 */
final class ArchivedReferences {
  private final ArchiveFolder archive;
  private final Formats formats;
  private final Map<TableName, List<String>> columns;
  private final Optional<Instant> cutoff;
  private final Predicate<String> ofRoots;

  /**
   * @param columns the columns of each table
   * @param cutoff rows count only if their root certainly ended before it; empty if all count
   * @param ofRoots whether the policy of a name takes roots, so that its cutoff is that of roots
   */
  ArchivedReferences(
      ArchiveFolder archive,
      Formats formats,
      Map<TableName, List<String>> columns,
      Optional<Instant> cutoff,
      Predicate<String> ofRoots) {
    this.archive = archive;
    this.formats = formats;
    this.columns = columns;
    this.cutoff = cutoff;
    this.ofRoots = ofRoots;
  }

  /**
   * Marks the files that such rows name.
   *
   * @throws io.tideline.error.TidelineException {@code ARCHIVE_CORRUPT}
   */
  void mark(PackedHashes files) {
    for (ManifestEntry entry : archive.manifests()) {
      if (entry.closed() && longAgo(entry.manifest())) {
        for (int i = 0; i < entry.manifest().segments().size(); i++) {
          mark(entry, i, files);
        }
      }
    }
  }

  /** Whether the roots of a manifest's rows ended before the cutoff. */
  private boolean longAgo(Manifest manifest) {
    if (cutoff.isEmpty()) {
      return true;
    }
    Instant ended =
        ofRoots.test(manifest.policy())
            ? manifest.cutoff().orElse(manifest.sealedAt())
            : manifest.sealedAt();
    return !ended.isAfter(cutoff.get());
  }

  private void mark(ManifestEntry entry, int number, PackedHashes files) {
    Manifest.Segment segment = entry.manifest().segments().get(number);
    List<String> names = segment.columns().stream().map(column -> column.name()).toList();
    int[] at =
        columns.getOrDefault(segment.table(), List.of()).stream()
            .mapToInt(names::indexOf)
            .filter(i -> i >= 0)
            .toArray();
    if (at.length == 0) {
      return;
    }
    RowRanges hidden = entry.hidden(number);
    // A digest that is wrong at the end throws, and then nothing is swept.
    new SegmentFile(
            archive.file(entry.manifest(), segment), segment, formats.named(segment.format()))
        .verify(
            (ordinal, row, digest) -> {
              if (!hidden.contains(ordinal)) {
                mark(row, at, files);
              }
            });
  }

  private static void mark(Row row, int[] at, PackedHashes files) {
    for (int i : at) {
      Mention mention = Mention.of(row, i);
      if (mention.form() == Mention.Form.PLAIN) {
        files.mark(mention.keys()[0], PackedHashes.ARCHIVED);
      }
    }
  }
}
