package io.tideline.tuning;

import java.util.Locale;

/**
 * An expectation that a plan does not meet.
 *
 * @param rule which
 * @param why one sentence for a person
 * @param culprit the line of the plan that is to blame, as in {@link PlanNode#text}; empty if none
 */
public record Breach(Rule rule, String why, String culprit) {
  /** What can be expected. */
  public enum Rule {
    /** An index is used. */
    USES_INDEX,
    /** No table is read whole. */
    NO_FULL_SCAN,
    /** Nothing is sorted. */
    NO_SORT,
    /** So many rows are read for each row of the answer. */
    MAX_EXAMINED,
    /** Every step is known. */
    UNDERSTOOD;

    /** The word in a configuration. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
