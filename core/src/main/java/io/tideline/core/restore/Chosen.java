package io.tideline.core.restore;

import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import java.util.BitSet;

/**
 * The rows of one segment that shall come back.
 *
 * @param entry the manifest with all that is known of it
 * @param number the segment's position in it
 * @param rows the rows, by ordinal
 */
record Chosen(ManifestEntry entry, int number, BitSet rows) {
  Manifest manifest() {
    return entry.manifest();
  }

  Manifest.Segment segment() {
    return entry.manifest().segments().get(number);
  }
}
