package io.tideline.health;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All indexes, and what their use is known by.
 *
 * @param indexes the indexes
 * @param since since when their use is counted; empty if that is not known, or nobody counts
 * @param replicas how many replicas count their own reads
 */
public record IndexSurvey(List<IndexFacts> indexes, Optional<Instant> since, int replicas) {
  /** No index at all. */
  public static final IndexSurvey NONE = new IndexSurvey(List.of(), Optional.empty(), 0);

  /** Copies the list. */
  public IndexSurvey {
    indexes = List.copyOf(indexes);
  }
}
