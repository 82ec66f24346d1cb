package io.tideline.core.archive;

import io.tideline.row.RowRanges;
import java.util.List;
import java.util.Optional;

/**
 * A manifest with all that was written about it since.
 *
 * @param manifest the manifest
 * @param outcome what became of its rows; empty while it is in doubt
 * @param restored the restores that brought rows of it back
 */
public record ManifestEntry(Manifest manifest, Optional<Outcome> outcome, List<Restored> restored) {
  /** Copies the list. */
  public ManifestEntry {
    restored = List.copyOf(restored);
  }

  /** Whether the outcome of every row is known. */
  public boolean closed() {
    return outcome.isPresent();
  }

  /** The rows of a segment that the archive's view leaves out. */
  public RowRanges hidden(int segment) {
    RowRanges hidden =
        outcome.map(o -> o.segments().get(segment).hidden()).orElse(RowRanges.empty());
    for (Restored restore : restored) {
      hidden = hidden.or(restore.segments().get(segment));
    }
    return hidden;
  }

  /** The rows of a segment that the application itself had deleted. */
  public RowRanges gone(int segment) {
    return outcome.map(o -> o.segments().get(segment).gone()).orElse(RowRanges.empty());
  }

  /** The rows of a segment in whose place a different row was found after an interruption. */
  public RowRanges differs(int segment) {
    return outcome.map(o -> o.segments().get(segment).differs()).orElse(RowRanges.empty());
  }
}
