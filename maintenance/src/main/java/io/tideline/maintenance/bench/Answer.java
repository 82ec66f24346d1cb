package io.tideline.maintenance.bench;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Duration;
import java.util.Optional;

/**
 * What came of one request.
 *
 * @param kind its class
 * @param detail what it is counted under: {@code ok}, {@code http-503}, {@code database-busy}
 * @param amount what was got: rows of a query, bytes of an address
 * @param broken whether whatever asked is of no more use and must be opened anew
 * @param took how long the answer itself took, if what comes after it took time too
 */
public record Answer(
    Kind kind, String detail, long amount, boolean broken, Optional<Duration> took) {
  /** The classes of answers. */
  public enum Kind {
    /** What was asked for. */
    OK,
    /** Something else, or nothing. */
    ERROR,
    /** Given up after the time that it was given. */
    TIMEOUT,
    /** A lock of somebody else was in the way. */
    BUSY
  }

  /** What was asked for. */
  public static Answer ok(long amount) {
    return new Answer(Kind.OK, "ok", amount, false, Optional.empty());
  }

  /** What was asked for, and the time that just this took. */
  public static Answer ok(long amount, Duration took) {
    return new Answer(Kind.OK, "ok", amount, false, Optional.of(took));
  }

  /** Given up. */
  public static Answer timeout(boolean broken) {
    return new Answer(Kind.TIMEOUT, "timeout", 0, broken, Optional.empty());
  }

  /** Something else. */
  public static Answer error(String detail, boolean broken) {
    return new Answer(Kind.ERROR, detail, 0, broken, Optional.empty());
  }

  /** Given up, because nobody wants it any more. */
  static Answer interrupted() {
    return error(ErrorCode.INTERRUPTED.slug(), false);
  }

  /** Whether it was given up because nobody wants it any more. */
  boolean isInterrupted() {
    return kind == Kind.ERROR && detail.equals(ErrorCode.INTERRUPTED.slug());
  }

  /** What a failure is counted as. */
  public static Answer of(TidelineException failure) {
    Kind kind = failure.code() == ErrorCode.DATABASE_BUSY ? Kind.BUSY : Kind.ERROR;
    boolean broken = failure.code() == ErrorCode.CONNECTION_LOST;
    return new Answer(kind, failure.code().slug(), 0, broken, Optional.empty());
  }
}
