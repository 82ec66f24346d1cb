package io.tideline.core.restore;

import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import java.util.BitSet;

/**
 * References of one file of detached values that shall be set again.
 *
 * @param entry the manifest with all that is known of it
 * @param file the number of the file among the manifest's detached ones
 * @param rows its rows, by ordinal
 */
record ChosenDetached(ManifestEntry entry, int file, BitSet rows) {
  Manifest manifest() {
    return entry.manifest();
  }

  Manifest.Segment segment() {
    return entry.manifest().detached().get(file);
  }

  /** The file's place in the archive folder. */
  String path() {
    return segment().file();
  }

  Manifest.Link link() {
    return entry.manifest().link(file).orElseThrow();
  }

  /** Whether the rows referred to are in the archive, so that they could come back. */
  boolean archived() {
    return manifest().segmentOf(link().to()) >= 0;
  }
}
