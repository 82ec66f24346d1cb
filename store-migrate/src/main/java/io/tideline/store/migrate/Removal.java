package io.tideline.store.migrate;

import java.sql.SQLException;
import java.util.List;

/** Removes tables that are no longer needed: emptied in short transactions, for a drop locks. */
final class Removal {
  private record Part(String table, String key) {}

  private static final List<Part> OURS =
      List.of(
          new Part("tideline_session_traces", "session_uid, created_at, seq"),
          new Part("tideline_traces", "seq"),
          new Part("tideline_trace_migration_log", "n"));

  private static final List<Part> BEFORE =
      List.of(
          new Part("trace_sessions_before", "trace_id, session_uid"),
          new Part("traces_before", "rowid"));

  private final Run run;
  private final Stage stage;

  /** Ours while it is undone, the old ones while it is finished. */
  Removal(Run run, Stage stage) {
    this.run = run;
    this.stage = stage;
  }

  /** Returns how many rows it removed. */
  long carryOut() {
    long removed = 0;
    for (Part part : stage == Stage.DROPPING ? OURS : BEFORE) {
      removed += emptied(part);
    }
    run.store()
        .write(
            sql -> {
              Journal.expect(sql, stage);
              for (Part part : stage == Stage.DROPPING ? OURS : BEFORE) {
                sql.update("DROP TABLE IF EXISTS " + part.table());
              }
              Journal.end(sql);
              run.steps().at("dropping");
              return true;
            });
    run.steps().at("dropped");
    return removed;
  }

  private long emptied(Part part) {
    String sql =
        "DELETE FROM %1$s WHERE (%2$s) IN (SELECT %2$s FROM %1$s LIMIT ?)"
            .formatted(part.table(), part.key());
    long all = 0;
    while (true) {
      long started = System.nanoTime();
      int some = run.store().write(session -> some(session, part, sql));
      run.steps().at("emptied");
      if (some == 0) {
        return all;
      }
      all += some;
      run.listener().accept(new Progress(stage, all, 0, 0));
      run.restAfter(started);
    }
  }

  private int some(Sql sql, Part part, String delete) throws SQLException {
    Journal.expect(sql, stage);
    boolean there =
        sql.number(
                "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?",
                part.table())
            == 1;
    return there ? sql.update(delete, run.rows()) : 0;
  }
}
