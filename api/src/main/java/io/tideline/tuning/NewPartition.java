package io.tideline.tuning;

import io.tideline.catalogue.TableName;
import java.time.Instant;

/**
 * A partition that is to be.
 *
 * @param name its name
 * @param from the first instant that belongs to it
 * @param to the first instant after it
 */
public record NewPartition(TableName name, Instant from, Instant to) {
  /** Checks that it is not empty. */
  public NewPartition {
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException("Cannot make an empty partition " + name);
    }
  }
}
