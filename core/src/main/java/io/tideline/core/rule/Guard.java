package io.tideline.core.rule;

import io.tideline.dialect.Condition;
import io.tideline.plan.Reason;

/**
 * A condition that a row must meet to go, and why it stays if it does not.
 *
 * @param condition the condition
 * @param reason the reason
 * @param detail what more there is to say
 */
public record Guard(Condition condition, Reason reason, String detail) {}
