package io.tideline.health;

import java.time.LocalDate;

/**
 * The rows of one day.
 *
 * @param day the day, in UTC
 * @param rows how many have their time in it
 */
public record Day(LocalDate day, long rows) {}
