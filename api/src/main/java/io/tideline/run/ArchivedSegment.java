package io.tideline.run;

import java.time.Instant;
import java.util.Optional;

/**
 * A sealed segment, as its manifest and outcome tell.
 *
 * @param segment its name within the archive, {@code run/file}
 * @param run the run that wrote it
 * @param table the table
 * @param policy the policy
 * @param format the format
 * @param sealedAt when it was sealed
 * @param rows the rows in the file
 * @param deleted rows deleted, or that may have been
 * @param gone rows that the application deleted first
 * @param changed rows that changed before they could be deleted, and stay
 * @param kept rows that stay for another reason
 * @param restored rows that are back in the source
 * @param bytes the bytes of the file
 * @param oldest the oldest time in it
 * @param newest the newest time in it
 * @param closed whether the outcome of every row is known
 */
public record ArchivedSegment(
    String segment,
    String run,
    String table,
    String policy,
    String format,
    Instant sealedAt,
    long rows,
    long deleted,
    long gone,
    long changed,
    long kept,
    long restored,
    long bytes,
    Optional<Instant> oldest,
    Optional<Instant> newest,
    boolean closed) {}
