package io.tideline.core.view;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.digest.ReferenceIndex;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import java.util.Arrays;

/** Tells to which archived row each detached value of a manifest referred. */
public final class DetachedRows {
  private final ArchiveFolder archive;
  private final Formats formats;

  /** The detached values of an archive. */
  public DetachedRows(ArchiveFolder archive, Formats formats) {
    this.archive = archive;
    this.formats = formats;
  }

  /** Takes a detached value. */
  public interface Visitor {
    /**
     * Takes a row of a file of detached values.
     *
     * @param referred the ordinal of the row that it referred to in that table's segment; -1 if it
     *     is not there, or is void
     */
    void row(int ordinal, Row row, int referred);
  }

  /**
   * Reads a file of detached values, of which the reference is known.
   *
   * @throws io.tideline.error.TidelineException {@code ARCHIVE_CORRUPT} if it is damaged, which is
   *     known only at the end
   */
  public void read(ManifestEntry entry, int file, Visitor visitor) {
    Manifest manifest = entry.manifest();
    Manifest.Link link = manifest.link(file).orElseThrow();
    int to = manifest.segmentOf(link.to());
    int[] at = manifest.detached().get(file).positions(link.columns());
    ReferenceIndex index = to < 0 ? new ReferenceIndex(1) : index(entry, to, link);
    read(
        manifest,
        manifest.detached().get(file),
        (ordinal, row, digest) -> visitor.row(ordinal, row, index.find(row, at)));
  }

  private ReferenceIndex index(ManifestEntry entry, int number, Manifest.Link link) {
    Manifest.Segment segment = entry.manifest().segments().get(number);
    ReferenceIndex index = new ReferenceIndex((int) segment.rows());
    int[] at = segment.positions(link.toColumns());
    RowRanges voided = entry.voided(number);
    if (Arrays.stream(at).allMatch(i -> i >= 0)) {
      read(
          entry.manifest(),
          segment,
          (ordinal, row, digest) -> {
            if (!voided.contains(ordinal)) {
              index.add(row, at, ordinal);
            }
          });
    }
    return index;
  }

  private void read(Manifest manifest, Manifest.Segment segment, SegmentFile.Visitor visitor) {
    new SegmentFile(archive.file(manifest, segment), segment, formats.named(segment.format()))
        .verify(visitor);
  }
}
