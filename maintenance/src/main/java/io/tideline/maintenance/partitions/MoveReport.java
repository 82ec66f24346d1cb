package io.tideline.maintenance.partitions;

import io.tideline.error.ExitCode;
import io.tideline.tuning.MoveStatus;
import java.util.List;

/**
 * How far a move is.
 *
 * @param rule the rule's name
 * @param status how far
 * @param done what was done by this call, one phrase each
 * @param next what can be done now, and what way back there is, one sentence each
 * @param stopped whether somebody ended it early
 */
public record MoveReport(
    String rule, MoveStatus status, List<String> done, List<String> next, boolean stopped) {
  /** Copies the lists. */
  public MoveReport {
    done = List.copyOf(done);
    next = List.copyOf(next);
  }

  /** How the command ends. */
  public ExitCode exit() {
    return stopped ? ExitCode.STOPPED : ExitCode.DONE;
  }
}
