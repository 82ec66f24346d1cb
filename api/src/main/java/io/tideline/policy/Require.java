package io.tideline.policy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Duration;
import java.util.Optional;

/**
 * What must be so before rows are taken away, and while they are.
 *
 * @param backup how old the newest verified backup of the database may be
 * @param freeDisk how many bytes must be free where the archive lies, and where the database's file
 *     does
 * @param maxEligible the largest share of a table's rows that may go at once, above 0 and at most 1
 * @param none a query, one statement, that must give no row
 */
public record Require(
    Optional<Duration> backup,
    Optional<Long> freeDisk,
    Optional<Double> maxEligible,
    Optional<String> none) {
  /** Requires nothing. */
  public static final Require NOTHING =
      new Require(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * Checks it.
   *
   * @throws TidelineException {@code POLICY_INVALID} if a number is out of its bounds, {@code
   *     PREDICATE_INVALID} if the query is not one statement without comments
   */
  public Require {
    if (backup.filter(each -> each.isNegative() || each.isZero()).isPresent()) {
      throw refused("the age of a backup is not above zero", "Write an age such as 24h.");
    }
    if (freeDisk.filter(each -> each <= 0).isPresent()) {
      throw refused("the free bytes are not above zero", "Write a size such as 2GB.");
    }
    if (maxEligible.filter(each -> !(each > 0 && each <= 1)).isPresent()) {
      throw refused("the share is not above 0 % and at most 100 %", "Write a share such as 40%.");
    }
    none.ifPresent(Predicate::new);
  }

  /** Whether nothing is required. */
  public boolean isNothing() {
    return equals(NOTHING);
  }

  private static TidelineException refused(String why, String mend) {
    return new TidelineException(
        ErrorCode.POLICY_INVALID,
        "Cannot require this: " + why + ".",
        "Nothing was changed.",
        mend);
  }
}
