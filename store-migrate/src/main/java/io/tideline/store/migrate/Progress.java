package io.tideline.store.migrate;

/**
 * A step forward.
 *
 * @param stage what is being done
 * @param done how many traces were copied by this call, or rows removed
 * @param cursor the number of the trace that was reached
 * @param last the number of the last trace to reach
 */
public record Progress(Stage stage, long done, long cursor, long last) {}
