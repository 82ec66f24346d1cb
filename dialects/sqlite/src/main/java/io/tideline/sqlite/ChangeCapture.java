package io.tideline.sqlite;

import io.tideline.dialect.ReclaimTask;
import io.tideline.error.TidelineException;
import java.sql.SQLException;
import java.time.Duration;
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

  /** So long writers may be kept out at a time. */
  static final Duration HELD = Duration.ofMillis(50);

  private final Session session;
  private final ReclaimTask task;

  ChangeCapture(Session session, ReclaimTask task) {
    this.session = session;
    this.task = task;
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
   *     followed; {@code COMPACTION_DISCARDED} if somebody changed the schema meanwhile
   */
  Captured begin() throws SQLException {
    session.execute("BEGIN IMMEDIATE");
    try {
      CompactedTables found = new CompactedTables(session);
      String refusal = found.refusal();
      if (!refusal.isEmpty()) {
        throw Compaction.impossible(session.file(), refusal);
      }
      List<CompactedTable> tables = found.read();
      session.execute(log(tables));
      List<String> triggers = tables.stream().flatMap(each -> each.triggers().stream()).toList();
      create(triggers);
      Captured captured =
          new Captured(tables, session.pragma("schema_version"), triggers.size() + 1L);
      session.execute("COMMIT");
      return captured;
    } catch (SQLException | RuntimeException e) {
      rollBack(e);
      throw e;
    }
  }

  /**
   * For each trigger SQLite looks through the whole schema: thousands of them would keep writers
   * out for many seconds, so that they are made in several transactions.
   */
  private void create(List<String> triggers) throws SQLException {
    long began = System.nanoTime();
    for (int i = 0; i < triggers.size(); i++) {
      session.execute(triggers.get(i));
      long took = System.nanoTime() - began;
      if (took > HELD.toNanos()) {
        rest(took, i);
        began = System.nanoTime();
      }
    }
  }

  private void rest(long took, int made) throws SQLException {
    String schema = session.pragma("schema_version");
    session.execute("COMMIT");
    task.listener().at("making triggers", made, 0);
    Rests.after(took, task);
    Compaction.requireGoingOn(session.file(), task);
    session.execute("BEGIN IMMEDIATE");
    if (!session.pragma("schema_version").equals(schema)) {
      throw Compaction.discarded(session.file().path(), "somebody changed the schema meanwhile");
    }
  }

  /** Its columns have no type, so that every value stays what it is. */
  private static String log(List<CompactedTable> tables) {
    int width = tables.stream().mapToInt(table -> table.key().size()).max().orElse(1);
    return "CREATE TABLE main."
        + Sql.quote(LOG)
        + " (seq INTEGER PRIMARY KEY "
        + MARK
        + ", tbl, how, "
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
