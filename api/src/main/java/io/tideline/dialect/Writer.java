package io.tideline.dialect;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.policy.Pace;
import io.tideline.policy.Strain;
import java.util.List;
import java.util.Optional;

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
   * As {@link #begin(List)}, and nobody else changes rows of {@code closed} until it ends: for
   * relations that the engine does not enforce. Waits for that lock only for a moment, because all
   * who come after wait behind it. PostgreSQL: {@code SHARE ROW EXCLUSIVE}; SQLite has one writer.
   *
   * @param closed need not be among {@code tables}
   */
  Transaction begin(List<Table> tables, List<Table> closed);

  /**
   * Makes the index by which the engine finds the rows that refer over a foreign key, without
   * holding off others where the engine can. An unfinished index that a failure left is made anew.
   *
   * @param from the table that refers
   * @return what was done, in one sentence
   * @throws io.tideline.error.TidelineException {@code DATABASE_BUSY} if a lock was not had in
   *     time, {@code DISK_FULL}, {@code RIGHTS_MISSING}; the index is not there then
   */
  String createIndex(ForeignKey key, Table from);

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

  /** What changes the values of a column, on this connection. */
  Backfiller backfiller(BackfillTarget target);

  /** What takes whole partitions away; empty where the engine has none. */
  default Optional<Partitions> partitions() {
    return Optional.empty();
  }

  /**
   * House-keeping between transactions, such as SQLite's PASSIVE checkpoint, where it is time to;
   * never waits long. Meant to be called after each of them.
   *
   * @param pace what others must not feel
   * @return what strained when it was looked at last, the worst first; nothing offline
   */
  List<Strain> relax(Pace pace);

  /**
   * House-keeping after the last transaction, such as cutting SQLite's log; never waits long.
   *
   * @return what could not be done, in one sentence; empty if all is well
   */
  default Optional<String> tidy() {
    return Optional.empty();
  }

  @Override
  void close();
}
