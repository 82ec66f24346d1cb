package io.tideline.store;

/**
 * How often others stood in the way since the database was opened.
 *
 * @param busyReads reads that found the database locked
 * @param busyWrites writes that found it locked for longer than the busy timeout
 * @param retries how often a work was tried again
 * @param unknown COMMITs whose answer was lost
 */
public record Contention(long busyReads, long busyWrites, long retries, long unknown) {}
