package io.tideline.plan;

/**
 * The integer keys between which all rows lie that go.
 *
 * @param first the smallest, inclusive
 * @param last the largest, inclusive
 */
public record KeySpan(long first, long last) {}
