package io.tideline.tuning;

import io.tideline.catalogue.TableName;
import java.time.Instant;
import java.util.Optional;

/**
 * A partition that is there.
 *
 * @param name its name
 * @param from the first instant that belongs to it; empty if it has no lower bound
 * @param to the first instant after it; empty if it has no upper bound
 * @param fallback whether it takes the rows that no other takes; it has no bounds then
 * @param rows about how many rows it has, as the planner's statistics say; negative if not known
 * @param bytes what it takes, with its indexes
 */
public record PartitionFacts(
    TableName name,
    Optional<Instant> from,
    Optional<Instant> to,
    boolean fallback,
    long rows,
    long bytes) {}
