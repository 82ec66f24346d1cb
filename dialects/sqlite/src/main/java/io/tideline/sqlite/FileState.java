package io.tideline.sqlite;

import java.sql.SQLException;

/**
 * What a database says of its file.
 *
 * @param pageSize bytes of a page
 * @param pages pages of the file
 * @param free pages that hold nothing
 * @param autoVacuum 0 none, 1 full, 2 incremental
 * @param log whether it has a write-ahead log
 * @param logBytes the bytes of that log
 * @see <a href="https://sqlite.org/pragma.html#pragma_auto_vacuum">PRAGMA auto_vacuum</a>
 */
record FileState(long pageSize, long pages, long free, int autoVacuum, boolean log, long logBytes) {
  static final int NONE = 0;
  static final int FULL = 1;
  static final int INCREMENTAL = 2;

  static FileState read(Session session) throws SQLException {
    return new FileState(
        number(session, "page_size"),
        number(session, "page_count"),
        number(session, "freelist_count"),
        (int) number(session, "auto_vacuum"),
        session.pragma("journal_mode").equals("wal"),
        session.file().logBytes());
  }

  private static long number(Session session, String pragma) throws SQLException {
    return Long.parseLong(session.pragma(pragma));
  }

  long bytes() {
    return pages * pageSize;
  }

  long freeBytes() {
    return free * pageSize;
  }

  /** About what a file without free pages would take. */
  long compactBytes() {
    return bytes() - freeBytes();
  }
}
