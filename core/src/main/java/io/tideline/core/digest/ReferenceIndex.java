package io.tideline.core.digest;

import io.tideline.row.Row;

/**
 * Finds rows by values of some of their columns: by equal ones or, where no row has them, by such
 * as a database may take for equal.
 */
public final class ReferenceIndex {
  private final DigestBag exactly;
  private final DigestBag nearly;
  private final KeyDigest exact = KeyDigest.exact();
  private final KeyDigest folding = KeyDigest.folding();

  /** An empty index for at most {@code capacity} rows. */
  public ReferenceIndex(int capacity) {
    exactly = new DigestBag(capacity);
    nearly = new DigestBag(capacity);
  }

  /** Adds a row under the values at some positions; nothing if one is null. */
  public void add(Row row, int[] at, int number) {
    if (exact.update(row, at)) {
      exactly.add(exact.high(), exact.low(), number);
      folding.update(row, at);
      nearly.add(folding.high(), folding.low(), number);
    }
  }

  /** A row that was added under the values at some positions; -1 if there is none. */
  public int find(Row row, int[] at) {
    if (!exact.update(row, at)) {
      return -1;
    }
    int found = exactly.find(exact.high(), exact.low());
    if (found < 0) {
      folding.update(row, at);
      found = nearly.find(folding.high(), folding.low());
    }
    return found;
  }
}
