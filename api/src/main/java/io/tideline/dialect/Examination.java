package io.tideline.dialect;

import io.tideline.health.Thresholds;

/**
 * What is asked of an {@link Examiner}.
 *
 * @param exact whether rows are counted and pages read where statistics would do, however long it
 *     takes
 * @param integrity whether the engine shall check its own files, however long it takes
 * @param thresholds from where on something is worth telling
 */
public record Examination(boolean exact, boolean integrity, Thresholds thresholds) {
  /** Neither of both. */
  public static final Examination USUAL = new Examination(false, false, Thresholds.USUAL);
}
