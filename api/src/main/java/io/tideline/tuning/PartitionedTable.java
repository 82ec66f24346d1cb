package io.tideline.tuning;

import io.tideline.catalogue.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A table that is divided by time.
 *
 * @param id what the database knows it by
 * @param name its name
 * @param column the column
 * @param type the column's type, as the database names it
 * @param epoch what the column counts, if it holds whole numbers
 * @param partitions those with bounds, from the earliest on
 * @param fallback the one that takes what no other takes
 */
public record PartitionedTable(
    long id,
    TableName name,
    String column,
    String type,
    Optional<EpochUnit> epoch,
    List<PartitionFacts> partitions,
    Optional<Fallback> fallback) {
  /** Copies the list. */
  public PartitionedTable {
    partitions = List.copyOf(partitions);
  }

  /**
   * A default partition.
   *
   * @param facts what is known of it
   * @param counted its rows, counted up to a bound
   * @param more whether it has more rows than were counted
   * @param oldest the earliest time in it, if it is known
   * @param newest the latest
   */
  public record Fallback(
      PartitionFacts facts,
      long counted,
      boolean more,
      Optional<Instant> oldest,
      Optional<Instant> newest) {}
}
