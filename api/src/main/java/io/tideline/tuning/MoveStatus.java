package io.tideline.tuning;

import io.tideline.catalogue.TableName;

/**
 * How far a move has come.
 *
 * @param phase how far
 * @param table the table
 * @param copy the partitioned table beside it, until the switch
 * @param before the name that the plain table has after the switch
 * @param rows about how many rows it has
 * @param copied how many were copied
 * @param pending how many noted changes are still to be taken over
 * @param broken why the move cannot go on but only be undone; empty if it can
 */
public record MoveStatus(
    MovePhase phase,
    TableName table,
    TableName copy,
    TableName before,
    long rows,
    long copied,
    long pending,
    String broken) {}
