package io.tideline.run;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a run or restore is that goes on now, as it last told.
 *
 * @param run its id
 * @param kind {@code run} or {@code restore}
 * @param pid its process
 * @param host the machine of that process
 * @param startedAt when it began
 * @param toldAt when it told this
 * @param work what it works at, for a person; empty at first
 * @param expected how many rows that has, as the plan says
 * @param archived how many of them are archived
 * @param removed how many of them are deleted, moved or restored
 * @param pace how it sizes its batches, and why; empty if it has not begun to
 * @param waiting why it waits; empty if it does not
 * @param pausedUntil until when it was asked to wait
 */
public record Running(
    String run,
    String kind,
    long pid,
    String host,
    Instant startedAt,
    Instant toldAt,
    String work,
    long expected,
    long archived,
    long removed,
    String pace,
    String waiting,
    Optional<Instant> pausedUntil) {}
