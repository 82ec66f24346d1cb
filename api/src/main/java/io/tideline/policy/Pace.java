package io.tideline.policy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How hard a run may work.
 *
 * @param base what it starts from: {@code gentle} beside live traffic, {@code offline} alone
 * @param lock how long a transaction should hold its locks; empty means what the database can bear
 * @param work the share of the time that a run holds locks at most, above 0 up to 1
 * @param smallest rows in a batch at least, where there are so many; a tree is never cut
 * @param largest rows in a batch at most; a larger tree goes in a batch of its own
 * @param log bytes that the database's log may have beside the run (SQLite's write-ahead log)
 * @param lag how far a replica may lag behind
 * @param patience how long one wait lasts at most: for a lock, the log, a replica, a vacuum or a
 *     probe
 */
public record Pace(
    Base base,
    Optional<Duration> lock,
    double work,
    int smallest,
    int largest,
    long log,
    Duration lag,
    Duration patience) {
  /** What a pace starts from. */
  public enum Base {
    /** Beside live traffic: short locks, and rests twice as long as the work. The default. */
    GENTLE,
    /** Alone: as fast as the machine allows. */
    OFFLINE;

    /** The word in a configuration. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Beside live traffic. */
  public static final Pace GENTLE =
      new Pace(
          Base.GENTLE,
          Optional.empty(),
          1.0 / 3,
          50,
          100_000,
          16L << 20,
          Duration.ofSeconds(10),
          Duration.ofMinutes(10));

  /** Alone: nobody is there who would wait for a lock, a log or a replica. */
  public static final Pace OFFLINE =
      new Pace(
          Base.OFFLINE,
          Optional.of(Duration.ofSeconds(5)),
          1,
          50,
          200_000,
          Long.MAX_VALUE,
          Duration.ofDays(1),
          Duration.ofSeconds(30));

  /** The largest batch that any pace may ask for. */
  public static final int MOST_ROWS = 1_000_000;

  /**
   * Checks the numbers.
   *
   * @throws TidelineException {@code POLICY_INVALID} if one is out of its bounds
   */
  public Pace {
    check(
        lock.isEmpty()
            || lock.get().compareTo(Duration.ofMillis(1)) >= 0
                && lock.get().compareTo(Duration.ofMinutes(1)) <= 0,
        "lock",
        "a time from 1ms to 1m");
    check(work >= 0.01 && work <= 1, "work", "a share from 1% to 100%");
    check(smallest >= 1 && smallest <= largest, "smallest", "1 up to 'largest'");
    check(largest <= MOST_ROWS, "largest", "up to " + MOST_ROWS + " rows");
    check(log >= 1 << 20, "log", "1MB or more");
    check(!lag.isNegative() && !lag.isZero(), "lag", "a time above zero");
    check(!patience.isNegative() && !patience.isZero(), "patience", "a time above zero");
  }

  private static void check(boolean right, String key, String what) {
    if (!right) {
      throw new TidelineException(
          ErrorCode.POLICY_INVALID,
          "Cannot use this number as '" + key + "' of a pace.",
          "Nothing was changed.",
          "Write " + what + ".");
    }
  }

  /** The pace of a base, with its own numbers. */
  public static Pace of(Base base) {
    return base == Base.GENTLE ? GENTLE : OFFLINE;
  }

  /** Whether nobody is there who would wait. */
  public boolean offline() {
    return base == Base.OFFLINE;
  }

  /** The same, but with another time that a transaction should take. */
  public Pace withLock(Duration other) {
    return new Pace(base, Optional.of(other), work, smallest, largest, log, lag, patience);
  }

  /** The same, but each wait no longer than this. */
  public Pace withPatience(Duration other) {
    return new Pace(base, lock, work, smallest, largest, log, lag, other);
  }
}
