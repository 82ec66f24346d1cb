package io.tideline.catalogue;

/**
 * A partition, one level below its table.
 *
 * @param name its name; it is a table of the catalogue too
 * @param id what names it in the engine even when it is renamed or detached: PostgreSQL's oid
 * @param bounds the rows that belong to it, as the engine writes it: {@code FOR VALUES FROM
 *     ('2026-01-01') TO ('2026-02-01')}, {@code DEFAULT}
 * @param divided whether it is partitioned itself
 */
public record Partition(TableName name, long id, String bounds, boolean divided) {
  /** Whether it takes the rows that belong to no other. */
  public boolean takesTheRest() {
    return bounds.equals("DEFAULT");
  }
}
