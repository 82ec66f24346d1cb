package io.tideline.core.archive;

import io.tideline.row.RowRanges;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A manifest with all that was written about it since.
 *
 * @param manifest the manifest
 * @param outcome what became of its rows; empty while it is in doubt
 * @param restored the restores that brought rows of it back
 * @param restoring restores that meant rows of it and have not ended: any of those may be back
 */
public record ManifestEntry(
    Manifest manifest, Optional<Outcome> outcome, List<Restored> restored, List<Intent> restoring) {
  /** Copies the lists. */
  public ManifestEntry {
    restored = List.copyOf(restored);
    restoring = List.copyOf(restoring);
  }

  /** Whether the outcome of every row is known. */
  public boolean closed() {
    return outcome.isPresent();
  }

  /** Whether it is known of every row where it is: the outcome, and no restore is half done. */
  public boolean settled() {
    return closed()
        && IntStream.range(0, manifest.segments().size()).allMatch(i -> doubted(i).isEmpty());
  }

  /** The rows of a segment that an unfinished restore may have brought back. */
  public RowRanges doubted(int segment) {
    RowRanges doubted = RowRanges.empty();
    for (Intent intent : restoring) {
      doubted = doubted.or(asked(intent, segment));
    }
    return doubted.without(hidden(segment));
  }

  /** The rows of a segment that a restore meant to bring back. */
  public RowRanges asked(Intent intent, int segment) {
    return intent
        .rows(manifest.name(), segment)
        .orElseGet(() -> RowRanges.first((int) manifest.segments().get(segment).rows()));
  }

  /** The rows of a segment that the archive's view leaves out. */
  public RowRanges hidden(int segment) {
    RowRanges hidden = voided(segment);
    for (Restored restore : restored) {
      hidden = hidden.or(restore.segments().get(segment));
    }
    return hidden;
  }

  /** The rows of a file of detached values whose references are set again. */
  public RowRanges attached(int file) {
    RowRanges attached = RowRanges.empty();
    for (Restored restore : restored) {
      attached = attached.or(restore.attached(file));
    }
    return attached;
  }

  /** The rows of a segment whose copies are void, for they stayed live. */
  public RowRanges voided(int segment) {
    return outcome.map(o -> o.segments().get(segment).hidden()).orElse(RowRanges.empty());
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
