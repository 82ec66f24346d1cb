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
      more = run.store().write(this::some);
      run.steps().at("filled");
      run.restAfter(started);
    }
    return done;
  }

  private boolean some(Sql sql) throws SQLException {
    Journal.Entry entry = Journal.expect(sql, Stage.FILLING);
    long to = sql.number(LAST, entry.cursor(), entry.until(), run.rows());
    if (to > entry.cursor()) {
      Copies.fill(sql, entry.cursor(), to);
      Journal.filled(sql, to);
    }
    run.steps().at("filling");
    done += run.rows();
    run.listener().accept(new Progress(Stage.FILLING, done, to, entry.until()));
    if (to >= entry.until()) {
      Journal.enter(sql, Stage.FOLLOWING);
      return false;
    }
    return true;
  }
}
