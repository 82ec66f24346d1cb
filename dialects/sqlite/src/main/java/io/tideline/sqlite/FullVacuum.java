package io.tideline.sqlite;

import io.tideline.dialect.ReclaimTask;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteErrorCode;

/**
 * Writes the file anew, while nobody else may write; it can be interrupted and is then rolled back.
 *
 * @see <a href="https://sqlite.org/lang_vacuum.html">VACUUM</a>
 */
final class FullVacuum {
  private final Session session;
  private final ReclaimTask task;

  FullVacuum(Session session, ReclaimTask task) {
    this.session = session;
    this.task = task;
  }

  /** Does it. @return what could not be done; empty if all is well */
  List<String> run() {
    try {
      boolean log = FileState.read(session).log();
      if (task.toIncremental()) {
        session.execute("PRAGMA main.auto_vacuum=" + FileState.INCREMENTAL);
      }
      task.listener().at("writing the file anew", 0, 0);
      Interruptible.run(session, task, () -> session.execute("VACUUM main"));
      task.listener().stepped("vacuumed");
      return log ? new LogCut(session, task).cut() : List.of();
    } catch (SQLException e) {
      if (Failures.primary(e) == SQLiteErrorCode.SQLITE_INTERRUPT) {
        return List.of("Stopped: VACUUM was rolled back, and nothing was given back.");
      }
      throw Failures.reading("Cannot vacuum " + session.file().path(), e);
    }
  }
}
