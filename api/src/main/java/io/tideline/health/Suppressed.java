package io.tideline.health;

/**
 * A finding that was made and is borne.
 *
 * @param finding the finding
 * @param by by what it is borne
 */
public record Suppressed(Finding finding, Suppression by) {}
