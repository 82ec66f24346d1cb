package io.tideline.testkit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A row that a random table was given.
 *
 * @param tag the value of its column {@code tag}, unique in the table
 * @param time what its time means; empty if it has none or none that can be read
 * @param literals its values as SQL literals, in the order of the table's given columns
 */
public record RandomRow(String tag, Optional<Instant> time, List<String> literals) {
  /** Copies the list. */
  public RandomRow {
    literals = List.copyOf(literals);
  }

  /** Whether its age alone lets it go. */
  public boolean expiredAt(Instant cutoff) {
    return time.isPresent() && time.get().isBefore(cutoff);
  }
}
