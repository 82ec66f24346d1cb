package io.tideline.core.restore;

import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.util.Optional;

/**
 * Integers that the first column of keys lies between.
 *
 * @param low the lowest
 * @param high the highest
 */
record KeyRange(long low, long high) {
  /** Whether no integer lies in both. */
  boolean apart(KeyRange other) {
    return high < other.low || other.high < low;
  }

  /** Finds the range of rows. */
  static final class Finder {
    private final int at;
    private boolean known = true;
    private long low = Long.MAX_VALUE;
    private long high = Long.MIN_VALUE;

    /**
     * @param positions where the key stands in each row
     */
    Finder(int[] positions) {
      at = positions[0];
    }

    void add(Row row) {
      known &= row.kind(at) == Kind.INTEGER;
      low = Math.min(low, row.integer(at));
      high = Math.max(high, row.integer(at));
    }

    /** The range, if every row has an integer there. */
    Optional<KeyRange> range() {
      return known && low <= high ? Optional.of(new KeyRange(low, high)) : Optional.empty();
    }
  }
}
