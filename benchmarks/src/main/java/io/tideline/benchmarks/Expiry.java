package io.tideline.benchmarks;

/** How much of a table is older than {@link TidelineSide#RETAIN}: the first rows. */
enum Expiry {
  /** Every row. */
  ALL("all expired", 1),
  /** The older half. */
  HALF("half expired", 2);

  private final String words;
  private final int divisor;

  Expiry(String words, int divisor) {
    this.words = words;
    this.divisor = divisor;
  }

  String words() {
    return words;
  }

  /** The number of expired rows. */
  int expired(int rows) {
    return rows / divisor;
  }
}
