package io.tideline.health;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is looked for. Each has a section in the documentation's list of findings. */
public enum Check {
  FREE_SPACE("space that deleted rows left is used again, but not given back to the disk"),
  LARGE_LOG("the log takes disk, and readers search it"),
  ROLLBACK_JOURNAL("a reader holds up every commit, and a commit every reader"),
  NO_AUTO_VACUUM("the file never shrinks, and only a VACUUM that blocks writers can change that"),
  STATISTICS_MISSING("the planner guesses which index serves a query best"),
  STATISTICS_STALE("the planner chooses by what the tables were, not by what they are"),
  FOREIGN_KEY_VIOLATED("rows refer to rows that are not there"),
  FOREIGN_KEY_MISMATCH("where foreign keys are enforced, writes to both tables fail"),
  FOREIGN_KEY_UNINDEXED("each row deleted from the other table reads this whole table"),
  DUPLICATE_INDEX("each write keeps both, and no read needs both"),
  COVERED_INDEX("another index serves all that it serves"),
  UNUSED_INDEX("each write keeps it, and no read was seen to use it"),
  BACKFILL_OPEN("what it needs costs each write, and can be removed only through it"),
  INVALID_INDEX("each write keeps it, and no read may use it"),
  DAMAGED("what is read may be wrong, and what is written may be lost"),
  WRITE_LOCK_HELD("nobody else can write while one process holds the lock"),
  TABLE_BLOAT("scans read, and backups of files copy, space that holds nothing"),
  INDEX_BLOAT("lookups read, and memory holds, pages that are nearly empty"),
  PARTITIONS_ENDING("inserts fail, or pile up in the default partition, once the last one ends"),
  DEFAULT_PARTITION("no partition can be made for its rows, and none of them goes with one"),
  SEQUENCE_ENDING("inserts fail once the last number is given"),
  WRAPAROUND("the server refuses every write when its transaction numbers run out"),
  VACUUM_LAG("dead rows are kept, scans read them, and the table grows"),
  AUTOVACUUM_OFF("dead rows are never removed, and transaction numbers run out"),
  LONG_TRANSACTION("no row that was deleted since it began can be removed"),
  IDLE_TRANSACTION("it holds its locks and old rows, and does nothing"),
  PREPARED_TRANSACTION("it holds its locks and old rows until somebody ends it"),
  SLOT_BEHIND("the server keeps the log, or old rows, until it catches up"),
  STANDBY_BEHIND("the server keeps old rows for queries of a standby"),
  SESSION_BLOCKED("it waits for a lock that another session holds"),
  CONNECTIONS_SHORT("who comes when the last connection is taken is refused"),
  DISK_FILLING("a full disk stops every write");

  private final String why;

  Check(String why) {
    this.why = why;
  }

  /** Why it matters, in one clause. */
  public String why() {
    return why;
  }

  /** The stable name, for example {@code unused-index}. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The check of that stable name. */
  public static Optional<Check> of(String slug) {
    return Arrays.stream(values()).filter(each -> each.slug().equals(slug)).findFirst();
  }
}
