package io.tideline.health;

/**
 * A number, and how it is known.
 *
 * @param value the number
 * @param basis {@code exact}, or what it was estimated from; {@code at least} stands before it
 *     where the number may be far too small
 */
public record Amount(long value, String basis) {
  private static final String EXACT = "exact";
  private static final String LEAST = "at least, ";

  /** A number that was counted. */
  public static Amount exact(long value) {
    return new Amount(value, EXACT);
  }

  /** The same number, of which is known only that there is no less. */
  public Amount atLeast() {
    return isLeast() ? this : new Amount(value, LEAST + basis);
  }

  /** Whether it may be far too small. */
  public boolean isLeast() {
    return basis.startsWith(LEAST);
  }

  /** Whether it was counted. */
  public boolean isExact() {
    return basis.equals(EXACT);
  }

  /** Both together, as sure as the less sure of them. */
  public Amount plus(Amount other) {
    return new Amount(value + other.value, isExact() ? other.basis : basis);
  }
}
