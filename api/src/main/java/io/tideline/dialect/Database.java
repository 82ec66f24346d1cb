package io.tideline.dialect;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.BackfillState;
import io.tideline.tuning.PartitionRule;
import io.tideline.tuning.TableSize;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An open database. Readers and writers hold connections of their own, so that one thread may read
 * while another writes; each of them belongs to one thread at a time.
 */
public interface Database extends AutoCloseable {
  /** What it is. */
  DatabaseInfo info();

  /** Who it is, if that is known without writing: SQLite has no identity before its first lease. */
  Optional<SourceIdentity> identity();

  /** Reads the catalogue anew. */
  Catalogue catalogue();

  /**
   * The table that a user means by {@code name}: as spelt, or by the engine's rules of case and
   * schema.
   *
   * @throws io.tideline.error.TidelineException {@code TABLE_UNKNOWN}, with the nearest names
   */
  Table resolve(Catalogue catalogue, String name);

  /**
   * The spelling of the catalogue for a column that a user names, the hidden key included.
   *
   * @throws io.tideline.error.TidelineException {@code COLUMN_UNKNOWN}, with the nearest names
   */
  String resolveColumn(Table table, String name);

  /** The server's clock; the machine's where the engine has none of its own. */
  Instant clock();

  /** The bytes it takes and could give back. */
  DatabaseSize size();

  /** Opens a connection that only reads. */
  Reader openReader();

  /** Opens a connection that looks at its health. */
  Examiner openExaminer(Examination asked);

  /**
   * Takes the exclusive lease of the database for one run, making its identity if it has none.
   *
   * @throws io.tideline.error.TidelineException {@code LEASE_HELD} at once if another holds it;
   *     {@code DATABASE_READ_ONLY}; {@code DATABASE_POOLED} if the session is not our own
   */
  Lease acquireLease();

  /**
   * Whether a run holds the lease now, this process's own included; takes nothing, and never makes
   * another's {@link #acquireLease} fail.
   */
  boolean leased();

  /** The files of this machine that grow with it: on their file systems there must be room. */
  default List<Path> places() {
    return List.of();
  }

  /**
   * How long a transaction of ours should hold its locks at most, beside live traffic. Rows of ours
   * are nobody else's, but a commit of others waits for what is written to the log before it, and
   * for a processor.
   */
  default Duration lockTarget() {
    return Duration.ofMillis(3);
  }

  /**
   * How many rows of trees a transaction should remove at most where nobody else works: more where
   * a larger transaction writes each page less often.
   */
  default int largestTransaction() {
    return 60_000;
  }

  /**
   * How long a run beside live traffic should rest at least between two transactions: others must
   * have come to their turn by then.
   */
  default Duration shortestRest() {
    return Duration.ofMillis(30);
  }

  /** The statement that makes an index over columns of a table, for a person to run. */
  default String indexStatement(TableName table, List<String> columns) {
    return "CREATE INDEX ON " + table + " (" + String.join(", ", columns) + ")";
  }

  /**
   * The statement that makes the index by which the engine finds the rows that refer over a foreign
   * key, for a person to run.
   *
   * @param from the table that refers
   */
  default String indexStatement(ForeignKey key, Table from) {
    return indexStatement(from.name(), key.columns());
  }

  /**
   * The statements that give the role of this login what it needs, those of schemas first; rights
   * that it has and rights that it lacks stand in statements of their own. Changes nothing.
   *
   * @return no statement where the engine knows no rights
   */
  default List<Grant> grants(List<Need> needs) {
    return List.of();
  }

  /**
   * The partitions of a table that may go whole once every row in them is known to go. Changes
   * nothing.
   *
   * @param age the bound, over a column of the table
   */
  default OldPartitions oldPartitions(Table table, Condition.TimeBefore age) {
    return OldPartitions.NONE;
  }

  /**
   * Copies the whole database, as it is at one moment, to a file, beside live traffic and at a pace
   * that yields to it. That moment is not before the call.
   *
   * @throws io.tideline.error.TidelineException {@code DISK_FULL}, {@code INTERRUPTED}, {@code
   *     DATABASE_BUSY}; {@code BACKUP_IMPOSSIBLE} if a tool for it is missing. The file is
   *     worthless then, the database unchanged
   */
  void backUp(BackupTask task);

  /** About how many bytes the file takes that {@link #backUp} makes. */
  long backupBytes();

  /**
   * Opens a connection in which a user's own queries are explained and run, and nothing changes.
   *
   * @param longest how long a statement may take
   */
  GuardedSession openGuarded(Duration longest);

  /** What gives space back to the operating system. */
  Reclaimer reclaimer();

  /**
   * Opens a stand-in, on which indexes are tried that are not there.
   *
   * @param sizes of production, where this database is not that; of what is left out the size that
   *     it has here counts
   * @throws io.tideline.error.TidelineException {@code TABLE_UNKNOWN}, {@code COLUMN_UNKNOWN} for
   *     what the sizes name
   */
  WhatIf openWhatIf(List<TableSize> sizes);

  /** What makes and drops indexes. */
  IndexBuilder indexBuilder();

  /**
   * Looks whether and how a backfill can be done; changes nothing.
   *
   * @throws io.tideline.error.TidelineException {@code BACKFILL_REFUSED} if it cannot be done
   *     safely, {@code SQL_FAILED} if the database does not understand what the user wrote
   */
  BackfillSurvey survey(BackfillTarget target);

  /** The backfills that have begun and are not finished, whatever the configuration says. */
  List<BackfillState> backfills();

  /**
   * What makes partitions of tables that are divided by time.
   *
   * @throws TidelineException {@code PARTITIONS_IMPOSSIBLE} if the engine has none
   */
  default PartitionMaker partitionMaker() {
    throw new TidelineException(
        ErrorCode.PARTITIONS_IMPOSSIBLE,
        "Cannot look at partitions of "
            + info().place()
            + ": tables of this database engine have none.",
        "Nothing was changed.",
        "Remove 'partitions' from the configuration; rows that expire go by `tideline run`.");
  }

  /**
   * What moves a plain table to a partitioned one.
   *
   * @param table the table, by the name that it has or had
   * @param rule how it shall be divided
   * @throws TidelineException {@code PARTITIONS_IMPOSSIBLE} if the engine has none
   */
  default TableMover tableMover(TableName table, PartitionRule rule) {
    partitionMaker().close();
    throw new IllegalStateException("Cannot move " + table);
  }

  /** Closes what {@code this} opened itself; leases, readers and writers are closed before. */
  @Override
  void close();
}
