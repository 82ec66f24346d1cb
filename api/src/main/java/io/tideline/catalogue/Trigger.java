package io.tideline.catalogue;

/**
 * A trigger, or a PostgreSQL rule, that is enabled.
 *
 * @param name its name
 * @param onDelete whether a DELETE fires it
 * @param onInsert whether an INSERT fires it
 * @param onUpdate whether an UPDATE fires it
 */
public record Trigger(String name, boolean onDelete, boolean onInsert, boolean onUpdate) {}
