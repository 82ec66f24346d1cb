package io.tideline.dialect;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.row.PackedRows;
import io.tideline.row.RowSink;
import io.tideline.row.RowSource;
import java.util.List;
import java.util.Map;

/**
 * A short write transaction. Closing it without {@link #commit} rolls back; after any exception
 * only {@link #close} is of use.
 *
 * <p>Besides {@link io.tideline.error.TidelineException} ({@code DATABASE_BUSY}, {@code
 * CONNECTION_LOST}, {@code DISK_FULL}, {@code DATABASE_CORRUPT}), its calls throw {@link
 * RefusedException} where the database refuses the change itself.
 */
public interface Transaction extends Lookups, AutoCloseable {
  /**
   * The present version of the whole catalogue as {@link Catalogue#version()} gives it, or empty
   * where the engine keeps none: a quick test before {@link #fingerprint}.
   */
  String catalogueVersion();

  /**
   * From now on waits for locks of others only for a moment, where the engine has locks smaller
   * than the whole database: a caller that looks for the row somebody holds asks many times.
   */
  default void waitBriefly() {}

  /** The present fingerprint of a table as {@link Table#fingerprint()}; empty if it is gone. */
  String fingerprint(TableName table);

  /**
   * Removes every row of the scan's range that meets its filter, and gives each to the sink (its
   * items, no order) before the removal can be committed. The sink's answer {@code false} ends it:
   * the transaction must then be rolled back.
   *
   * @return the rows removed; always the number given to the sink
   * @throws SurpriseException if the engine removed another number than it listed
   */
  long removeRange(Scan scan, Removal removal, RowSink sink);

  /**
   * Removes the rows of these keys that meet the filter, as {@link #removeRange}.
   *
   * @param keys as wide as the table's key
   */
  long removeKeys(
      Table table,
      PackedRows keys,
      List<Condition> filter,
      List<Item> items,
      Removal removal,
      RowSink sink);

  /**
   * Deletes rows that refer to others, and gives their items to the sink. No trigger may fire on a
   * deletion from the table.
   *
   * @return the rows deleted; always the number given to the sink
   */
  long removeReferring(ReferringRows rows, List<Item> items, RowSink sink);

  /**
   * Looks rows up by key and locks them until the transaction ends, in key order, so that they can
   * neither change nor be newly referred to; absent ones are left out. Each row given to the sink
   * is its key columns, then the items.
   */
  @Override
  void lookUp(Table table, PackedRows keys, List<Item> items, RowSink sink);

  /** As {@link Lookups#newest}, and those rows stay as they are until the transaction ends. */
  @Override
  void newest(Newest newest, RowSink sink);

  /** As {@link Reader#scan} without a limit, inside this transaction. */
  void scan(Scan scan, RowSink sink);

  /**
   * Inserts rows.
   *
   * @param columns the columns that each row holds, in order; a hidden key among them gives the row
   *     its place
   * @param rows the rows, as wide as {@code columns}
   * @return the rows inserted
   */
  long insert(Table table, List<String> columns, RowSource rows);

  /**
   * Inserts rows of several tables that refer to each other in a cycle, at once: where the engine
   * can neither defer a foreign key nor be told otherwise, by one statement.
   *
   * @param arrivals the rows; a table may stand several times
   * @return the rows inserted
   */
  long insertTogether(List<Arrival> arrivals);

  /**
   * Deletes rows of several tables that refer to each other in a cycle, at once: where the engine
   * can neither defer a foreign key nor be told otherwise, by one statement.
   *
   * @param doomed the rows; each table once
   * @return the rows deleted, without what triggers and cascades deleted
   */
  long removeTogether(List<Doomed> doomed);

  /**
   * Copies rows to an archive table, as {@link #removeKeys} does that moves them; they stay.
   *
   * @param keys as wide as the table's key
   * @return the rows copied
   */
  long copy(Table table, PackedRows keys, Removal.Move move);

  /**
   * Sets columns of rows to NULL.
   *
   * @param keys as wide as the table's key
   * @return the rows changed, without what triggers changed
   */
  long detach(Table table, PackedRows keys, List<String> columns);

  /**
   * Sets columns of rows, whatever stands in them.
   *
   * @param rows for each row its key, as wide as the table's, then the values; none may be null
   * @param columns what the values are of, in their order
   * @return the rows changed, without what triggers changed
   */
  long attach(Table table, PackedRows rows, List<String> columns);

  /**
   * Drops a partition, attached or detached, with all rows it has.
   *
   * @throws RefusedException if something else depends on it, or it is not had in a moment
   */
  default void dropPartition(Table table, Partition partition) {
    throw new UnsupportedOperationException("Cannot drop partitions here");
  }

  /** Lets every foreign key that can wait be checked at the commit instead of at each statement. */
  void deferConstraints();

  /**
   * How many rows each table lost in this transaction by any means the engine can count: triggers
   * and cascades too. Tables that lost none are left out.
   */
  Map<TableName, Long> rowsLost();

  /**
   * Checks every deferred constraint now.
   *
   * @throws RefusedException if one is violated
   */
  void checkConstraints();

  /**
   * Commits.
   *
   * @param durable whether the commit must survive a loss of power, whatever the session's setting
   * @throws io.tideline.error.TidelineException {@code COMMIT_UNKNOWN} if the answer was lost: it
   *     may or may not have happened; {@code DATABASE_BUSY}, {@code DISK_FULL}: it did not happen
   */
  void commit(boolean durable);

  @Override
  void close();
}
