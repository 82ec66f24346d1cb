package io.tideline.core.digest;

/**
 * The digests of many rows in two numbers: how many they are, and their sum modulo 2^128. Two heaps
 * of rows with equal sums hold the same rows, in whatever order, as surely as two rows with one
 * digest are the same. Unlike an exclusive or, it counts a row that is there twice.
 */
public final class DigestSum {
  private long rows;
  private long high;
  private long low;

  /** Adds a row. */
  public void add(long h, long l) {
    long sum = low + l;
    high += h + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
    low = sum;
    rows++;
  }

  /** The rows added. */
  public long rows() {
    return rows;
  }

  /** Whether another heap holds the same rows. */
  public boolean sameAs(DigestSum other) {
    return rows == other.rows && high == other.high && low == other.low;
  }
}
