package io.tideline.store.migrate;

import java.sql.SQLException;

/** Copies again what others have changed, by the log of the triggers. */
final class Following {
  private static final String UPTO =
      """
      SELECT coalesce(max(n), -1) FROM (
        SELECT n FROM tideline_trace_migration_log ORDER BY n LIMIT ?)""";

  private final Run run;
  private final Stage stage;

  /** Forward while it is followed, back while it is returned. */
  Following(Run run, Stage stage) {
    this.run = run;
    this.stage = stage;
  }

  /** Until the log is nearly empty. */
  void carryOut() {
    boolean more = true;
    while (more) {
      long started = System.nanoTime();
      more =
          run.store()
              .write(
                  sql -> {
                    Journal.expect(sql, stage);
                    boolean full = some(sql);
                    run.steps().at("following");
                    return full;
                  });
      run.steps().at("followed");
      run.restAfter(started);
    }
  }

  /** All that is left, within the transaction of the switch. */
  void rest(Sql sql) throws SQLException {
    while (some(sql)) {
      run.store().checkInterrupt();
    }
  }

  static long waiting(Sql sql) throws SQLException {
    return sql.number("SELECT count(*) FROM tideline_trace_migration_log");
  }

  /** Returns whether there may be more. */
  private boolean some(Sql sql) throws SQLException {
    long to = sql.number(UPTO, run.rows());
    if (to < 0) {
      return false;
    }
    sql.update("DELETE FROM temp.wanted");
    sql.update(
        """
        INSERT INTO temp.wanted (id) SELECT DISTINCT id FROM main.tideline_trace_migration_log
        WHERE n <= ? AND id IS NOT NULL""",
        to);
    if (stage == Stage.FOLLOWING) {
      Copies.forward(sql);
    } else {
      Copies.back(sql);
    }
    sql.update("DELETE FROM tideline_trace_migration_log WHERE n <= ?", to);
    return waiting(sql) > run.rows() / 2;
  }
}
