package io.tideline.maintenance.indexes;

import io.tideline.tuning.IndexStanding;
import java.time.Duration;
import java.util.List;

/**
 * What was done to indexes.
 *
 * @param place the database
 * @param done what was done, and what could not be, in order
 * @param declared how each declared index stands now
 * @param stopped whether it was asked to end early
 */
public record IndexesDone(
    String place, List<Done> done, List<IndexStanding> declared, boolean stopped) {
  /** Copies the lists. */
  public IndexesDone {
    done = List.copyOf(done);
    declared = List.copyOf(declared);
  }

  /**
   * What became of one index.
   *
   * @param index its name
   * @param what what was done, or why not
   * @param failed whether it could not be done
   * @param took how long it took
   */
  public record Done(String index, String what, boolean failed, Duration took) {}

  /** Whether all is as declared now. */
  public boolean asDeclared() {
    return declared.stream().allMatch(each -> each.state().asDeclared());
  }
}
