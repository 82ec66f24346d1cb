package io.tideline.maintenance.bench;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;

/**
 * What came of one request.
 *
 * @param kind its class
 * @param detail what it is counted under: {@code ok}, {@code http-503}, {@code database-busy}
 * @param amount what was got: rows of a query, bytes of an address
 * @param broken whether whatever asked is of no more use and must be opened anew
 */
public record Answer(Kind kind, String detail, long amount, boolean broken) {
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
    return new Answer(Kind.OK, "ok", amount, false);
  }

  /** Given up. */
  public static Answer timeout(boolean broken) {
    return new Answer(Kind.TIMEOUT, "timeout", 0, broken);
  }

  /** Something else. */
  public static Answer error(String detail, boolean broken) {
    return new Answer(Kind.ERROR, detail, 0, broken);
  }

  /** What a failure is counted as. */
  public static Answer of(TidelineException failure) {
    Kind kind = failure.code() == ErrorCode.DATABASE_BUSY ? Kind.BUSY : Kind.ERROR;
    boolean broken = failure.code() == ErrorCode.CONNECTION_LOST;
    return new Answer(kind, failure.code().slug(), 0, broken);
  }
}
