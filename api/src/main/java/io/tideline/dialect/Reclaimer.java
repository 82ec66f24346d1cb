package io.tideline.dialect;

import java.util.List;

/**
 * Gives space that a database holds back to the operating system. Whoever changes anything by it
 * holds the lease.
 */
public interface Reclaimer extends AutoCloseable {
  /** What a killed reclaim left in the database or beside it, one phrase each. Changes nothing. */
  List<String> leftovers();

  /**
   * Removes what a killed reclaim left.
   *
   * @return what was removed, one phrase each
   */
  List<String> tidy();

  /** What could be done now, the least harmful first. Changes nothing. */
  List<ReclaimOption> options();

  /**
   * Does one of the options.
   *
   * @return what could not be done, one sentence each; empty if all is well
   * @throws io.tideline.error.TidelineException {@code RECLAIM_IMPOSSIBLE}, {@code
   *     COMPACTION_DISCARDED}, {@code DISK_FULL}, {@code DATABASE_BUSY}, {@code INTERRUPTED}: the
   *     database is as usable as before
   */
  List<String> carryOut(ReclaimOption option, ReclaimTask task);

  /** What nothing here mends and a person should know, one sentence each. */
  default List<String> advice() {
    return List.of();
  }

  /** The bytes that the database takes, as the file system or the server says; its log included. */
  long bytesOnDisk();

  @Override
  void close();
}
