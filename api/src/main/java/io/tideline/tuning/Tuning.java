package io.tideline.tuning;

import java.util.List;

/**
 * What is declared of the shape of tables, beside what happens to their rows.
 *
 * @param indexes the indexes that shall, or shall not, be there
 * @param backfills changes of columns of live tables
 * @param partitions which partitions tables shall have, in the order of the file
 */
public record Tuning(
    List<IndexSpec> indexes, List<Backfill> backfills, List<PartitionRule> partitions) {
  /** Nothing is declared. */
  public static final Tuning NONE = new Tuning(List.of(), List.of(), List.of());

  /** Copies the lists. */
  public Tuning {
    indexes = List.copyOf(indexes);
    backfills = List.copyOf(backfills);
    partitions = List.copyOf(partitions);
  }

  /** The same with other indexes. */
  public Tuning withIndexes(List<IndexSpec> others) {
    return new Tuning(others, backfills, partitions);
  }

  /** The same with other backfills. */
  public Tuning withBackfills(List<Backfill> others) {
    return new Tuning(indexes, others, partitions);
  }

  /** The same with other partitions. */
  public Tuning withPartitions(List<PartitionRule> others) {
    return new Tuning(indexes, backfills, others);
  }
}
