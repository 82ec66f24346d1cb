package io.tideline.dialect;

import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;

/**
 * Takes whole partitions away from their tables, on the connection that writes. Apart from {@link
 * #begin} each call is done when it returns, and no transaction may be open.
 *
 * <p>Every call throws {@link io.tideline.error.TidelineException} with {@code DATABASE_BUSY},
 * {@code CONNECTION_LOST} or {@code RIGHTS_MISSING}, or {@link RefusedException} where the database
 * refuses the change itself.
 */
public interface Partitions {
  /** Where a partition is. */
  enum Place {
    /** It belongs to its table. */
    ATTACHED,
    /** Its table does not show its rows any more, and {@link #detach} must be called again. */
    DETACHING,
    /** It is a table of its own, under its old name. */
    DETACHED,
    /** There is no such table, or somebody gave it another name or another parent. */
    ELSEWHERE
  }

  /** Where a partition is now; it is known by its id. */
  Place place(TableName table, Partition partition);

  /**
   * Detaches a partition without holding up those who use the table, or finishes that. It waits for
   * all transactions that may still see the partition, for some seconds at most.
   *
   * @throws io.tideline.error.TidelineException {@code DATABASE_BUSY} if it waited in vain; {@link
   *     #place} tells how far it came
   */
  void detach(TableName table, Partition partition);

  /** Makes a detached partition one of its table again, with the bounds it had. */
  void attach(TableName table, Partition partition);

  /**
   * Begins a transaction in which nobody else changes the rows of a partition, attached or
   * detached; of a detached one nobody else reads them either.
   *
   * @throws io.tideline.error.TidelineException {@code CATALOGUE_CHANGED} if it is no longer the
   *     table of that id; no transaction is open then
   */
  Transaction begin(Table table, Partition partition);

  /**
   * Makes a partition of these bounds, empty, if no table has its name.
   *
   * @return whether it was made
   */
  boolean create(TableName table, Partition partition);

  /** The statement that {@link #attach} runs, for a person. */
  String attachStatement(TableName table, Partition partition);

  /** The statement that {@link #create} runs, for a person. */
  String createStatement(TableName table, Partition partition);
}
