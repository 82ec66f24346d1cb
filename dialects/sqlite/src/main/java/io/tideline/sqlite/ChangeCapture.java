package io.tideline.sqlite;

import io.tideline.error.TidelineException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Triggers that write the keys of changed rows to a log, in the database itself: temporary ones
 * would not see the changes of other processes.
 */
final class ChangeCapture {
  static final String PREFIX = "tideline_compaction_";
  static final String LOG = PREFIX + "log";

  /** Stands in the definition of everything that is ours. */
  static final String MARK = "/* tideline compaction */";

  private final Session session;

  ChangeCapture(Session session) {
    this.session = session;
  }

  /**
   * Whose changes are captured, and since which version of the schema.
   *
   * @param schema SQLite's {@code schema_version} with the triggers
   * @param objects how many triggers and tables of ours there are
   */
  record Captured(List<CompactedTable> tables, String schema, long objects) {}

  /** The name of a key column in the log. */
  static String column(int i) {
    return "k" + i;
  }

  /**
   * Begins to capture the changes of every table.
   *
   * @throws TidelineException {@code RECLAIM_IMPOSSIBLE} if a table was made that cannot be
   *     followed
   */
  Captured begin() throws SQLException {
    session.execute("BEGIN IMMEDIATE");
    try {
      String refusal = new CompactedTables(session).refusal();
      if (!refusal.isEmpty()) {
        throw Compaction.impossible(session.file(), refusal);
      }
      List<CompactedTable> tables = new CompactedTables(session).read();
      session.execute(log(tables));
      long objects = 1;
      for (CompactedTable table : tables) {
        for (String trigger : table.triggers()) {
          session.execute(trigger);
          objects++;
        }
      }
      Captured captured = new Captured(tables, session.pragma("schema_version"), objects);
      session.execute("COMMIT");
      return captured;
    } catch (SQLException | RuntimeException e) {
      rollBack(e);
      throw e;
    }
  }

  /** Its columns have no type, so that every value stays what it is. */
  private static String log(List<CompactedTable> tables) {
    int width = tables.stream().mapToInt(table -> table.key().size()).max().orElse(1);
    return "CREATE TABLE main."
        + Sql.quote(LOG)
        + " (seq INTEGER PRIMARY KEY "
        + MARK
        + ", tbl, "
        + IntStream.range(0, width)
            .mapToObj(ChangeCapture::column)
            .collect(Collectors.joining(", "))
        + ")";
  }

  private void rollBack(Exception failure) {
    try {
      session.execute("ROLLBACK");
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }
}
