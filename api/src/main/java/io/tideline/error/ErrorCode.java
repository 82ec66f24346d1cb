package io.tideline.error;

import java.util.Locale;

/**
 * The stable name of each failure. Its {@link #slug()} is what {@code --json} prints and what the
 * errors page of the documentation is ordered by.
 */
public enum ErrorCode {
  CONFIG_MISSING(ExitCode.BAD_INPUT),
  CONFIG_INVALID(ExitCode.BAD_INPUT),
  POLICY_INVALID(ExitCode.BAD_INPUT),
  POLICY_UNKNOWN(ExitCode.BAD_INPUT),
  PREDICATE_INVALID(ExitCode.BAD_INPUT),
  ARGUMENT_INVALID(ExitCode.BAD_INPUT),
  DATABASE_MISSING(ExitCode.BAD_INPUT),
  DATABASE_UNKNOWN_PRODUCT(ExitCode.BAD_INPUT),
  DATABASE_NOT_A_DATABASE(ExitCode.BAD_INPUT),
  DATABASE_ENCRYPTED(ExitCode.BAD_INPUT),
  DATABASE_TOO_NEW(ExitCode.BAD_INPUT),
  DATABASE_READ_ONLY(ExitCode.BAD_INPUT),
  DATABASE_UNREACHABLE(ExitCode.BAD_INPUT),
  DATABASE_REFUSED_LOGIN(ExitCode.BAD_INPUT),
  DATABASE_POOLED(ExitCode.BAD_INPUT),
  RIGHTS_MISSING(ExitCode.BAD_INPUT),
  TABLE_UNKNOWN(ExitCode.BAD_INPUT),
  TABLE_UNSUITABLE(ExitCode.BAD_INPUT),
  COLUMN_UNKNOWN(ExitCode.BAD_INPUT),
  TIME_UNREADABLE(ExitCode.BAD_INPUT),
  TIME_MIXED(ExitCode.BAD_INPUT),
  CLOCK_WRONG(ExitCode.BAD_INPUT),
  SQL_FAILED(ExitCode.BAD_INPUT),
  ARCHIVE_UNUSABLE(ExitCode.BAD_INPUT),
  ARCHIVE_TOO_NEW(ExitCode.BAD_INPUT),
  ARCHIVE_FOREIGN(ExitCode.BAD_INPUT),
  ARCHIVE_TABLE_UNSUITABLE(ExitCode.BAD_INPUT),
  HOLD_UNREADABLE(ExitCode.BAD_INPUT),
  RUN_UNKNOWN(ExitCode.BAD_INPUT),
  QUERY_REFUSED(ExitCode.BAD_INPUT),
  RESTORE_IMPOSSIBLE(ExitCode.BAD_INPUT),
  PAYLOADS_UNUSABLE(ExitCode.BAD_INPUT),
  BACKUP_IMPOSSIBLE(ExitCode.BAD_INPUT),
  RECLAIM_IMPOSSIBLE(ExitCode.BAD_INPUT),
  PARTITIONS_IMPOSSIBLE(ExitCode.BAD_INPUT),
  NOT_CONFIRMED(ExitCode.BAD_INPUT),
  GUARD(ExitCode.FORBIDDEN),
  FLOOR(ExitCode.FORBIDDEN),
  PLAN_STALE(ExitCode.FORBIDDEN),
  CATALOGUE_CHANGED(ExitCode.FORBIDDEN),
  MOVE_REFUSED(ExitCode.FORBIDDEN),
  INDEX_MISSING(ExitCode.FORBIDDEN),
  PAYLOADS_IN_DOUBT(ExitCode.FORBIDDEN),
  WINDOW_CLOSED(ExitCode.FORBIDDEN),
  LEASE_HELD(ExitCode.BUSY),
  DATABASE_BUSY(ExitCode.BUSY),
  DISK_FULL(ExitCode.STOPPED),
  ARCHIVE_WRITE_FAILED(ExitCode.STOPPED),
  CONNECTION_LOST(ExitCode.STOPPED),
  LEASE_LOST(ExitCode.STOPPED),
  PARTITION_DETACHED(ExitCode.STOPPED),
  INTERRUPTED(ExitCode.STOPPED),
  COMPACTION_DISCARDED(ExitCode.STOPPED),
  DATABASE_CORRUPT(ExitCode.CORRUPTION),
  ARCHIVE_CORRUPT(ExitCode.CORRUPTION),
  BACKUP_CORRUPT(ExitCode.CORRUPTION),
  COMMIT_UNKNOWN(ExitCode.OUTCOME_UNKNOWN),
  DEFECT(ExitCode.DEFECT);

  private final ExitCode exitCode;

  ErrorCode(ExitCode exitCode) {
    this.exitCode = exitCode;
  }

  /** The exit code of a process that ends with this failure. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** The stable name, for example {@code database-missing}. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
