package io.tideline.dialect;

/**
 * How the engine says it would read.
 *
 * @param index the index or key it would use; empty for a scan of the whole table
 * @param text the engine's own words, one line
 */
public record AccessPath(String index, String text) {}
