package io.tideline.core.run;

import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.row.Row;

/** Compares the rows that the database says it removes with those that may go. */
final class Claims {
  private final Layout layout;
  private final DigestBag bag;
  private final RowDigest digest = new RowDigest();
  private boolean stray;

  /**
   * @param bag the digests of the rows that may go
   */
  Claims(Layout layout, DigestBag bag) {
    this.layout = layout;
    this.bag = bag;
  }

  /** Takes a row that is removed; false if it may not go. */
  boolean take(Row row) {
    digest.update(row, layout.digestFrom(), layout.width());
    stray = stray || bag.claim(digest.high(), digest.low()) < 0;
    return !stray;
  }

  /** Whether exactly the rows that may go were removed. */
  boolean exact() {
    return !stray && bag.left() == 0;
  }
}
