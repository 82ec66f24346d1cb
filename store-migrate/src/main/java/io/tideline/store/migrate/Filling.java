package io.tideline.store.migrate;

import java.sql.SQLException;

/** Copies every trace that was there at the beginning, in the order of storing. */
final class Filling {
  private static final String LAST =
      """
      SELECT coalesce(max(rowid), ?2) FROM (
        SELECT rowid FROM traces WHERE rowid > ?1 AND rowid <= ?2 ORDER BY rowid LIMIT ?3)""";

  private final Run run;
  private long done;

  Filling(Run run) {
    this.run = run;
  }

  /** Returns how many it copied. */
  long carryOut() {
    boolean more = true;
    while (more) {
      long started = System.nanoTime();
      Some some = run.store().write(this::some);
      more = some.more();
      done += some.traces();
      run.steps().at("filled");
      run.listener().accept(new Progress(Stage.FILLING, done, some.cursor(), some.until()));
      run.restAfter(started);
    }
    return done;
  }

  private record Some(boolean more, long traces, long cursor, long until) {}

  private Some some(Sql sql) throws SQLException {
    Journal.Entry entry = Journal.expect(sql, Stage.FILLING);
    long to = sql.number(LAST, entry.cursor(), entry.until(), run.rows());
    long traces = 0;
    if (to > entry.cursor()) {
      traces = Copies.fill(sql, entry.cursor(), to);
      Journal.filled(sql, to);
    }
    run.steps().at("filling");
    boolean more = to < entry.until();
    if (!more) {
      Journal.enter(sql, Stage.FOLLOWING);
    }
    return new Some(more, traces, to, entry.until());
  }
}
