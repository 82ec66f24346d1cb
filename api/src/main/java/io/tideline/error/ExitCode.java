package io.tideline.error;

/**
 * What the process tells its caller. The numbers are part of the contract and never change meaning.
 */
public enum ExitCode {
  /**
   * Everything asked for was done; rows that the policy itself protects do not count against it.
   */
  DONE(0),
  /** A check found something. */
  FINDINGS(1),
  /**
   * Bad input or configuration, database unreachable, no rights, or no confirmation: nothing was
   * done.
   */
  BAD_INPUT(2),
  /** Done, but rows were left against the request; each is reported. */
  ROWS_LEFT(3),
  /** Stopped, interrupted, disk full or connection lost before a commit: the next run goes on. */
  STOPPED(4),
  /** A guard, a floor or a stale saved plan forbids it: nothing was done. */
  FORBIDDEN(5),
  /** Another run holds the lease, or another session a lock. */
  BUSY(6),
  /** Something on disk is not what was written there. */
  CORRUPTION(7),
  /** The answer to a commit was lost; the next run finds out. */
  OUTCOME_UNKNOWN(8),
  /** A bench crossed a threshold: what was measured is whole, and not as it should be. */
  THRESHOLD(9),
  /** A defect of Tideline. */
  DEFECT(70);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The process exit status. */
  public int number() {
    return number;
  }
}
