package io.tideline.tuning;

/**
 * What answering a query took.
 *
 * @param examined the rows that were read; never fewer than there were
 * @param returned the rows of the answer
 * @param complete whether the query ran to its end; if not, both are what they were when it was
 *     stopped
 * @param basis how the rows were counted, one sentence
 */
public record Work(long examined, long returned, boolean complete, String basis) {
  /** The rows read for each row of the answer; an answer without rows counts as one. */
  public double perRow() {
    return (double) examined / Math.max(1, returned);
  }
}
