package io.tideline.health;

import java.util.OptionalLong;

/**
 * When the disk is full if all goes on as before.
 *
 * @param diskFree the bytes free on the disk, and inside the database
 * @param earliestDays the days until it is full, at least
 * @param latestDays the days until it is full, at most; empty if it may never be
 * @param basis what that follows from
 */
public record Forecast(long diskFree, long earliestDays, OptionalLong latestDays, String basis) {}
