package io.tideline.dialect;

import io.tideline.catalogue.TableName;
import io.tideline.tuning.EpochUnit;
import io.tideline.tuning.NewPartition;
import io.tideline.tuning.PartitionedTable;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Makes partitions of tables that are divided by time, over a connection of its own. It never drops
 * one. Whoever makes any holds the lease.
 */
public interface PartitionMaker extends AutoCloseable {
  /**
   * What is there. Changes nothing.
   *
   * @throws io.tideline.error.TidelineException {@code PARTITIONS_IMPOSSIBLE} if the table is not
   *     divided by ranges of that column alone, or the column is of a type that is no time
   */
  PartitionedTable look(TableName table, String column, Optional<EpochUnit> epoch);

  /**
   * Why a partition could not be made now, without trying it; empty if nothing is known to be in
   * the way. Changes nothing.
   */
  Optional<String> obstacle(PartitionedTable table, NewPartition wanted);

  /** A statement that makes it, for a person; it may hold others up for longer. */
  String statement(PartitionedTable table, NewPartition wanted);

  /**
   * Makes one, empty, with the owner, rights and settings of the newest of its siblings, or else of
   * the table. Others are held up for a moment at most. It is whole and attached, or not there.
   *
   * @param stopping whether somebody wants it to end early
   * @throws RefusedException why it could not be made; nothing was changed then
   * @throws io.tideline.error.TidelineException {@code CONNECTION_LOST}: it is whole or not there
   */
  void make(PartitionedTable table, NewPartition wanted, BooleanSupplier stopping);

  @Override
  void close();
}
