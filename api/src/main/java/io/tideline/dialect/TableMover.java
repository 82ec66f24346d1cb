package io.tideline.dialect;

import io.tideline.run.WorkListener;
import io.tideline.tuning.MoveStatus;
import io.tideline.tuning.NewPartition;
import io.tideline.tuning.PartitionedTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Moves one plain table to a partitioned one beside live traffic, over connections of its own. Each
 * call is one or more short transactions, and may be made again after a kill. Whoever calls holds
 * the lease.
 *
 * <p>Every call throws {@link RefusedException} if the database or another session is in its way,
 * and {@link io.tideline.error.TidelineException} with {@code MOVE_REFUSED} if going on would not
 * be safe; nothing was changed by it then.
 */
public interface TableMover extends AutoCloseable {
  /** How far it is. Changes nothing. */
  MoveStatus status();

  /** Why the table cannot be moved, one phrase each; empty if it can. Changes nothing. */
  List<String> obstacles();

  /** The earliest and the latest time of its rows; reads them all where no index serves. */
  Optional<Times> times();

  /**
   * What the rows span.
   *
   * @param oldest the earliest
   * @param newest the latest
   */
  record Times(Instant oldest, Instant newest) {}

  /** Makes the partitioned copy, empty and without partitions. The table is not touched. */
  void prepare();

  /** The copy as it is, under the name that it has now. */
  PartitionedTable copy();

  /** Makes a partition of the copy. */
  void divide(NewPartition wanted, BooleanSupplier stopping);

  /** From now on the keys of changed rows are noted. Writers wait for a moment. */
  void follow();

  /**
   * Copies the next rows.
   *
   * @return how many there were; fewer than asked for if these were the last
   */
  int fill(int rows);

  /**
   * Takes noted changes over: to the copy, or after the switch to the old table.
   *
   * @return how many notes there were
   */
  int follow(int notes);

  /**
   * Looks whether anything came, went or changed since the beginning that the copy does not have.
   *
   * @throws io.tideline.error.TidelineException {@code MOVE_REFUSED}, with everything that did
   */
  void requireUnchanged();

  /** Compares every row of both, some thousand at a time, and says where they differ unnoted. */
  long compare(WorkListener listener, BooleanSupplier stopping);

  /** Counts the values of the copy for the planner. */
  void analyze();

  /** Exchanges the names, if nothing has changed that it should know of. */
  void exchange();

  /** After the switch: gives the old table its name back. */
  void exchangeBack();

  /** Before the switch, or after it was undone: removes the copy and all that was made for it. */
  void discard();

  /** Ends the following after the switch. */
  void finish();

  /** Once it is finished: drops the old table. */
  void dropBefore();

  @Override
  void close();
}
