package io.tideline.store.migrate;

import java.util.List;

/**
 * What a migration would do, or has done so far.
 *
 * @param stage how far it is
 * @param traces how many traces the store in use holds
 * @param mappings how many mappings of traces to sessions
 * @param bytes the size of the database; the new tables need about as much as the old ones besides
 * @param obstacles what stands in the way, in plain words; it does not begin while there are any
 */
public record MigrationPlan(
    Stage stage, long traces, long mappings, long bytes, List<String> obstacles) {

  /** Copies the list. */
  public MigrationPlan {
    obstacles = List.copyOf(obstacles);
  }

  MigrationPlan with(List<String> more) {
    return new MigrationPlan(stage, traces, mappings, bytes, more);
  }
}
