package io.tideline.core.payload;

/**
 * One of several equal parts of all hashes, by their first bits: what one pass judges, so that
 * memory is bounded however many files there are.
 *
 * @param number which, from 0
 * @param parts how many
 */
record Part(int number, int parts) {
  /** As many parts as keep each at some number of files. */
  static int count(long files, int most) {
    return (int) Math.max(1, (files + most - 1) / most);
  }

  /** Whether a key belongs to it. */
  boolean has(long key) {
    return (int) ((key >>> 32) * parts >>> 32) == number;
  }

  /** Whether it is the pass that counts what belongs to no hash. */
  boolean first() {
    return number == 0;
  }
}
