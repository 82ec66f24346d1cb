package io.tideline.core.closure;

import io.tideline.plan.Reason;

/**
 * Why a tree stays.
 *
 * @param reason the reason
 * @param detail what more there is to say
 */
public record Stay(Reason reason, String detail) {}
