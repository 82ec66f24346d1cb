package io.tideline.plan;

/**
 * Something about a table that the user should know.
 *
 * @param code its stable name: {@code no-time-index}
 * @param what what was found and what it costs
 * @param mend the statement or line that mends it; may be empty
 */
public record Finding(String code, String what, String mend) {}
