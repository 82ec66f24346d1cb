package io.tideline.cli.serve;

import io.tideline.error.ExitCode;
import java.util.OptionalLong;

/**
 * How an item ended.
 *
 * @param exit the exit code that the command would have ended with
 * @param asked whether it ended early because it was asked to
 * @param again whether it is to go on as soon as its window is open
 * @param failure why it failed; empty if it did not
 * @param run the run's id, if it was one
 * @param archived rows archived
 * @param removed rows removed
 * @param left rows left against the request
 * @param expired the expired rows that the plan saw
 */
record Result(
    ExitCode exit,
    boolean asked,
    boolean again,
    String failure,
    String run,
    long archived,
    long removed,
    long left,
    OptionalLong expired) {
  /** It failed without a report. */
  static Result failed(ExitCode exit, String failure) {
    return new Result(exit, false, false, failure, "", 0, 0, 0, OptionalLong.empty());
  }

  /** It was asked to end before it began. */
  static Result stopped() {
    return new Result(ExitCode.STOPPED, true, false, "", "", 0, 0, 0, OptionalLong.empty());
  }

  /** It came to run outside its window. */
  static Result outside() {
    return new Result(ExitCode.STOPPED, true, true, "", "", 0, 0, 0, OptionalLong.empty());
  }

  /** A job that ended. */
  static Result job(ExitCode exit, boolean asked, String failure) {
    boolean well = exit == ExitCode.DONE || exit == ExitCode.ROWS_LEFT || asked;
    String why = failure.isEmpty() ? "It ended with exit code " + exit.number() + "." : failure;
    return new Result(exit, asked, false, well ? "" : why, "", 0, 0, 0, OptionalLong.empty());
  }

  /** Whether it came to its end, so that what follows it may run. */
  boolean well() {
    return failure.isEmpty() && (exit == ExitCode.DONE || exit == ExitCode.ROWS_LEFT);
  }
}
