package io.tideline.dialect;

/**
 * A statement that gives a role rights on one table or schema.
 *
 * @param statement the statement, for the owner to run
 * @param missing whether the role lacks these rights; else it has all of them
 */
public record Grant(String statement, boolean missing) {}
