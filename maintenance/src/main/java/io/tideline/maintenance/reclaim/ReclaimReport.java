package io.tideline.maintenance.reclaim;

import io.tideline.dialect.ReclaimWay;
import java.time.Duration;
import java.util.List;

/**
 * What a reclaim did.
 *
 * @param place the database, without secrets
 * @param before the bytes that it took before, as the file system or the server says
 * @param after the bytes that it takes now
 * @param removed what a killed reclaim had left
 * @param done what was done, in order
 * @param stopped whether it was told to end early
 */
public record ReclaimReport(
    String place, long before, long after, List<String> removed, List<Done> done, boolean stopped) {
  /** Copies the lists. */
  public ReclaimReport {
    removed = List.copyOf(removed);
    done = List.copyOf(done);
  }

  /**
   * One thing that was done.
   *
   * @param way how
   * @param target what of the database; empty if all of it
   * @param before the bytes that the database took before
   * @param after and afterwards
   * @param took how long it took
   * @param notes what could not be done, one sentence each
   */
  public record Done(
      ReclaimWay way, String target, long before, long after, Duration took, List<String> notes) {
    /** Copies the list. */
    public Done {
      notes = List.copyOf(notes);
    }
  }

  /** How many bytes the operating system got back; negative if it lost some. */
  public long gained() {
    return before - after;
  }
}
