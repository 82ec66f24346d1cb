package io.tideline.run;

import java.util.List;
import java.util.Optional;

/**
 * What a check of an archive's deletion record found.
 *
 * @param lines the lines of the record
 * @param head its last line; empty if there is none
 * @param problems what is wrong, one sentence each; empty if all is well
 * @param pending what the record does not tell yet, or not to its end, because a run goes on or was
 *     interrupted: the next run adds it
 */
public record RecordReport(
    long lines, Optional<RecordHead> head, List<String> problems, List<String> pending) {
  /** Copies the lists. */
  public RecordReport {
    problems = List.copyOf(problems);
    pending = List.copyOf(pending);
  }
}
