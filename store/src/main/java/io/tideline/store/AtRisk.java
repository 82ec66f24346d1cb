package io.tideline.store;

/**
 * What a crash would lose.
 *
 * @param rows rows that are accepted and not committed
 * @param bytes what they weigh
 */
public record AtRisk(long rows, long bytes) {}
