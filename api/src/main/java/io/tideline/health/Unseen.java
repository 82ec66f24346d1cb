package io.tideline.health;

/**
 * What could not be looked at.
 *
 * @param what what: {@code bloat of tables}
 * @param why why: {@code not visible to this role}
 */
public record Unseen(String what, String why) {}
