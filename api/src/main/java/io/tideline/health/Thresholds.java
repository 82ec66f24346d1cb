package io.tideline.health;

import java.time.Duration;

/**
 * From where on something is worth telling.
 *
 * @param transaction how old a transaction may be
 * @param idle how long a transaction may do nothing
 * @param blocked how long a session may wait for a lock
 * @param bytes the smallest space that is worth giving back
 * @param counted how long use must have been counted before it proves anything
 * @param transactions of how many transactions old rows may be held back; fewer cost little
 */
public record Thresholds(
    Duration transaction,
    Duration idle,
    Duration blocked,
    long bytes,
    Duration counted,
    long transactions) {
  private static final long USUAL_TRANSACTIONS = 10_000_000;

  /** What {@code inspect} goes by. */
  public static final Thresholds USUAL =
      new Thresholds(
          Duration.ofMinutes(10),
          Duration.ofMinutes(5),
          Duration.ofSeconds(5),
          10L << 20,
          Duration.ofDays(7));

  /** With the usual number of transactions. */
  public Thresholds(
      Duration transaction, Duration idle, Duration blocked, long bytes, Duration counted) {
    this(transaction, idle, blocked, bytes, counted, USUAL_TRANSACTIONS);
  }
}
