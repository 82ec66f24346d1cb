package io.tideline.core.guard;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Finding;

/**
 * A guard that forbids to take rows away.
 *
 * @param policy the policy that it guards
 * @param guard its key in the configuration
 * @param found what was found, no full stop at the end
 * @param mend what to do
 */
public record Refusal(String policy, String guard, String found, String mend) {
  /** What a run that it stops is told. */
  public String what() {
    return "the guard '" + guard + "' forbids it: " + found;
  }

  /** What a plan tells of it. */
  public Finding finding() {
    return new Finding("guard", "A run would be refused: " + what() + ".", mend);
  }

  /** The error of a run that has not begun. */
  public TidelineException refused() {
    return new TidelineException(
        ErrorCode.GUARD,
        "Cannot run policy '" + policy + "': " + what() + ".",
        "Nothing was changed.",
        mend);
  }

  /** The error of a run that goes on. */
  public TidelineException stopped() {
    return new TidelineException(
        ErrorCode.GUARD,
        "Cannot go on with policy '" + policy + "': " + what() + ".",
        "What was sealed stays good; no row was deleted since.",
        mend + " The next run goes on.");
  }
}
