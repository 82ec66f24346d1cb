package io.tideline.store.migrate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** From following to having switched, there and back: compared, and then in one transaction. */
final class Switching {
  private static final int TRIES = 5;

  private final Run run;
  private final Stage stage;
  private final Following following;
  private final Comparison comparison;

  Switching(Run run, Stage stage) {
    this.run = run;
    this.stage = stage;
    this.following = new Following(run, stage);
    this.comparison = new Comparison(run, stage);
  }

  void carryOut() {
    for (int tried = 0; tried < TRIES; tried++) {
      following.carryOut();
      // Back, what was written since the switch is found by comparing: once is as it should be.
      long differing = comparison.carryOut();
      following.carryOut();
      run.steps().at("comparing");
      if (differing == 0 && switched()) {
        run.steps().at("switched");
        return;
      }
    }
    throw different();
  }

  private boolean switched() {
    for (int tried = 0; tried < 100; tried++) {
      if (run.store().read(Following::waiting) > run.rows()) {
        following.carryOut();
      }
      boolean[] small = {false};
      boolean done =
          run.store()
              .write(
                  sql -> {
                    Journal.expect(sql, stage);
                    small[0] = Following.waiting(sql) <= run.rows();
                    return small[0] && switchIn(sql);
                  });
      if (small[0]) {
        return done;
      }
    }
    return false;
  }

  private boolean switchIn(Sql sql) throws SQLException {
    following.rest(sql);
    Counts counts = Counts.of(sql, stage == Stage.FOLLOWING ? Tables.BEFORE : Tables.AFTER);
    if (!counts.agree()) {
      return false;
    }
    run.steps().at("switching");
    Triggers.drop(sql);
    if (stage == Stage.FOLLOWING) {
      forward(sql, counts);
    } else {
      back(sql);
    }
    run.steps().at("renamed");
    return true;
  }

  private static void forward(Sql sql, Counts counts) throws SQLException {
    refuse(sql, List.of("traces", "trace_sessions"));
    exchange(sql);
    sql.update("DROP TABLE tideline_trace_migration_log");
    Journal.switched(sql, counts.oldTraces(), counts.oldMappings());
    Journal.enter(sql, Stage.SWITCHED);
  }

  private static void exchange(Sql sql) throws SQLException {
    List<String> columns = OldCalls.columns(sql, "trace_sessions");
    rename(sql, "traces", "traces_before");
    rename(sql, "trace_sessions", "trace_sessions_before");
    rename(sql, "tideline_traces", "traces");
    rename(sql, "tideline_session_traces", "session_traces");
    OldCalls.create(sql, columns);
  }

  /** What SQLite would refuse in the end, such as beside a view that is broken, it tells now. */
  static void rehearse(Sql sql) throws SQLException {
    sql.update("SAVEPOINT tideline_rehearsal");
    exchange(sql);
    sql.update("ROLLBACK TO tideline_rehearsal");
    sql.update("RELEASE tideline_rehearsal");
  }

  private static void back(Sql sql) throws SQLException {
    OldCalls.drop(sql);
    refuse(sql, List.of("traces", "session_traces", "trace_sessions"));
    rename(sql, "traces", "tideline_traces");
    rename(sql, "session_traces", "tideline_session_traces");
    rename(sql, "traces_before", "traces");
    rename(sql, "trace_sessions_before", "trace_sessions");
    Journal.enter(sql, Stage.DROPPING);
  }

  private static void rename(Sql sql, String from, String to) throws SQLException {
    sql.update("ALTER TABLE " + from + " RENAME TO " + to);
  }

  /** What came to hang on the tables since it began would follow the wrong ones. */
  static void refuse(Sql sql, List<String> tables) throws SQLException {
    List<String> found = new ArrayList<>();
    OldLayout.hangers(sql, tables, found);
    if (!found.isEmpty()) {
      throw refused(found);
    }
  }

  static MigrationException refused(List<String> found) {
    return new MigrationException(
        MigrationException.Reason.REFUSED,
        "Cannot migrate the traces: "
            + String.join("; ", found)
            + ". The tables that were in use still are, no row was changed. Then call it again.",
        null);
  }

  private MigrationException different() {
    List<String> why =
        stage == Stage.FOLLOWING ? Fit.obstacles(run.store(), run.rows()) : List.of();
    if (!why.isEmpty()) {
      return refused(why);
    }
    return new MigrationException(
        MigrationException.Reason.DIFFERENT,
        "Cannot switch the traces of "
            + run.store().file()
            + ": after "
            + TRIES
            + " comparisons the old and the new tables still differ. Those that were in use still"
            + " are. Call it again when less is written, or undo.",
        null);
  }
}
