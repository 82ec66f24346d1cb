package io.tideline.catalogue;

/**
 * Why rows of a table cannot be cleaned.
 *
 * @param what the reason, as a clause: "it is a view"
 * @param mend what can be done, one sentence
 */
public record Obstacle(String what, String mend) {}
