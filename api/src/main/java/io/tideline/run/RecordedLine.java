package io.tideline.run;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * One line of an archive's deletion record, as a person reads it.
 *
 * @param number its number, from 1
 * @param at when it was written
 * @param kind what it tells of: {@code sealed}, {@code closed}, {@code taking}, {@code took} and
 *     others; one that a later version writes is given as it is
 * @param run the run, restore or sweep; empty if it is none's
 * @param policy the policy; empty if no policy is at work
 * @param what the manifest, table or folder that it is about
 * @param rows the rows or files that it tells of; empty if of none, or if it is not known how many
 * @param sha256 the SHA-256 of the line with its line feed, which the next line holds
 */
public record RecordedLine(
    long number,
    Instant at,
    String kind,
    String run,
    String policy,
    String what,
    OptionalLong rows,
    String sha256) {}
