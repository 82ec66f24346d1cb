package io.tideline.plan;

import io.tideline.catalogue.Partition;

/**
 * A partition that goes whole: all its rows go, and it is dropped with them.
 *
 * @param partition the partition
 * @param rows its rows
 */
public record WholePartition(Partition partition, long rows) {}
