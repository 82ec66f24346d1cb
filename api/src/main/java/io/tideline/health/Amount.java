package io.tideline.health;

/**
 * A number, and how it is known.
 *
 * @param value the number
 * @param basis {@code exact}, or what it was estimated from
 */
public record Amount(long value, String basis) {
  private static final String EXACT = "exact";

  /** A number that was counted. */
  public static Amount exact(long value) {
    return new Amount(value, EXACT);
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
