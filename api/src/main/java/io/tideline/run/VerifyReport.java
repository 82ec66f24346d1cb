package io.tideline.run;

import java.util.List;

/**
 * What a verification found.
 *
 * @param segments segments read and compared with their digests
 * @param rows rows decoded
 * @param bytes bytes read
 * @param problems what is wrong, one sentence each; empty if all is well
 * @param inDoubt segments whose outcome is not known yet
 */
public record VerifyReport(
    int segments, long rows, long bytes, List<String> problems, List<String> inDoubt) {
  /** Copies the lists. */
  public VerifyReport {
    problems = List.copyOf(problems);
    inDoubt = List.copyOf(inDoubt);
  }
}
