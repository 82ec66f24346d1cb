package io.tideline.run;

import java.util.Locale;

/**
 * The named steps of the protocol, told to the listener just after each is done, on the thread that
 * did it. A process may die at any of them and nothing is lost.
 */
public enum Step {
  /** The lease is held. */
  LEASED,
  /** A segment's file exists and is empty. */
  SEGMENT_OPENED,
  /** A slice of rows is in the segment's writer. */
  SLICE_ARCHIVED,
  /** A segment's file is complete and durable. */
  SEGMENT_SYNCED,
  /** The file was decoded again and its digests are the ones read. */
  SEGMENT_VERIFIED,
  /** The manifest is durable under a temporary name. */
  MANIFEST_WRITTEN,
  /** The manifest has its name: the rows are safe. */
  SEALED,
  /** The deletion record tells, durably where something is about to go, of what was done or is. */
  RECORDED,
  /** A batch is deleted and not committed. */
  BATCH_DELETED,
  /** A batch is committed. */
  BATCH_COMMITTED,
  /** The last batch of a manifest is durable. */
  DELETES_DURABLE,
  /** The outcome has its name: the manifest is closed. */
  CLOSED,
  /** A whole partition is detached; its rows are safe, and in a table of their own. */
  PARTITION_DETACHED,
  /** A whole partition is compared and dropped, and that is not committed. */
  PARTITION_DROPPED,
  /** The drop of a partition is committed. */
  PARTITION_COMMITTED,
  /** A restore's intent has its name. */
  RESTORE_INTENDED,
  /** A batch is inserted and not committed. */
  RESTORE_INSERTED,
  /** A batch of a restore is committed. */
  RESTORE_COMMITTED,
  /** The restore is written down. */
  RESTORED,
  /** The run's report is written. */
  REPORTED;

  /** The word in events: {@code batch-deleted}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
