package io.tideline.maintenance.bench;

/**
 * What became of a threshold.
 *
 * @param threshold as it was written
 * @param target what was judged by it
 * @param found the figure, in words
 * @param failed whether it was passed
 */
public record Judged(String threshold, String target, String found, boolean failed) {}
