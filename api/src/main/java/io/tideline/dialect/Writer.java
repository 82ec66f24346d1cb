package io.tideline.dialect;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import java.util.List;

/** The connection that writes, one transaction at a time. */
public interface Writer extends AutoCloseable {
  /**
   * Begins a short write transaction that holds off schema changes of {@code tables}. SQLite:
   * {@code BEGIN IMMEDIATE}; PostgreSQL: READ COMMITTED, and {@code LOCK TABLE … IN ROW EXCLUSIVE
   * MODE} under a lock timeout.
   *
   * @throws io.tideline.error.TidelineException {@code DATABASE_BUSY} if the lock is not had in
   *     time, {@code CONNECTION_LOST}; no transaction is open then
   */
  Transaction begin(List<Table> tables);

  /**
   * Makes the archive table of {@code source} if it is missing, or adds the columns it lacks: the
   * source's columns as plain nullable values, and {@code archived_at}; no key, no constraint.
   *
   * @return what was done, one sentence each; empty if nothing had to be
   * @throws io.tideline.error.TidelineException {@code ARCHIVE_TABLE_UNSUITABLE} if a table of that
   *     name cannot take the rows, {@code RIGHTS_MISSING}; nothing was changed then
   */
  List<String> alignArchiveTable(Table source, TableName target);

  /** Makes every earlier commit of this writer durable, however the session was set. */
  void makeDurable();

  /** Advances the sequences and identity counters of a table past the values it holds. */
  void advanceCounters(Table table);

  /** House-keeping between transactions, such as SQLite's PASSIVE checkpoint; never waits long. */
  void relax();

  @Override
  void close();
}
