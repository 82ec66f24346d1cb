package io.tideline.dialect;

import io.tideline.catalogue.TableName;
import java.time.Instant;

/** What becomes of rows that are taken out of a table. */
public sealed interface Removal {
  /** They are deleted. */
  record Delete() implements Removal {}

  /**
   * They are inserted into an archive table of the same database and deleted, in one transaction.
   *
   * @param target the archive table, aligned before by {@link Writer#alignArchiveTable}
   * @param at the value of its column {@code archived_at}
   */
  record Move(TableName target, Instant at) implements Removal {}
}
