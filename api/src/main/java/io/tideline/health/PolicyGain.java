package io.tideline.health;

/**
 * What a run of a policy would free now.
 *
 * @param policy the policy
 * @param table its table
 * @param rows the rows that would go, those of other tables among them
 * @param bytes the bytes of the values in them
 */
public record PolicyGain(String policy, String table, long rows, long bytes) {}
