package io.tideline.core.restore;

import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import java.util.BitSet;
import java.util.Optional;

/**
 * The rows of one segment that shall come back.
 *
 * @param entry the manifest with all that is known of it
 * @param number the segment's position in it
 * @param rows the rows, by ordinal
 * @param keys between which values of the archived key's first column they lie, where known
 */
record Chosen(ManifestEntry entry, int number, BitSet rows, Optional<KeyRange> keys) {
  /** Rows of whose keys nothing is known. */
  Chosen(ManifestEntry entry, int number, BitSet rows) {
    this(entry, number, rows, Optional.empty());
  }

  /** Other rows of the segment, all among these. */
  Chosen with(BitSet some) {
    return new Chosen(entry, number, some, keys);
  }

  Manifest manifest() {
    return entry.manifest();
  }

  Manifest.Segment segment() {
    return entry.manifest().segments().get(number);
  }
}
