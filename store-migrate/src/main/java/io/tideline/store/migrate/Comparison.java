package io.tideline.store.migrate;

import java.util.List;

/**
 * Every row of every table against the other layout, in stretches that are each read under one
 * snapshot. What is changed after its stretch was read is in the log, and copied from there.
 */
final class Comparison {
  private static final String UNLOGGED =
      """
      SELECT d.id FROM (%s) AS d WHERE d.id IS NOT NULL
        AND d.id NOT IN (SELECT id FROM {log} WHERE id IS NOT NULL)""";

  private static final String END =
      """
      SELECT number FROM (
        SELECT %2$s AS number FROM %1$s WHERE %2$s > ? ORDER BY %2$s LIMIT ?)
      ORDER BY number DESC LIMIT 1""";

  private final Run run;
  private final Stage stage;
  private final Tables tables;

  Comparison(Run run, Stage stage) {
    this.run = run;
    this.stage = stage;
    this.tables = stage == Stage.FOLLOWING ? Tables.BEFORE : Tables.AFTER;
  }

  /** Returns how many traces differed. They are put into the log, to be copied again. */
  long carryOut() {
    return pass(tables.oldTraces(), "rowid", Copies.OLD_DIFFERS)
        + pass(tables.newTraces(), "seq", Copies.NEW_DIFFERS);
  }

  private long pass(String table, String number, String differs) {
    String unlogged = tables.fill(UNLOGGED.formatted(differs));
    String end = END.formatted(table, number);
    long after = Long.MIN_VALUE;
    long differing = 0;
    while (true) {
      long started = System.nanoTime();
      Stretch stretch = stretch(end, unlogged, after);
      if (stretch.empty()) {
        return differing;
      }
      if (stretch.differing() > 0) {
        differing += note(unlogged, after, stretch.to());
      }
      after = stretch.to();
      run.steps().at("compared");
      run.listener().accept(new Progress(stage, 0, after, after));
      run.restAfter(started);
    }
  }

  private record Stretch(boolean empty, long to, long differing) {}

  private Stretch stretch(String end, String unlogged, long after) {
    return run.store()
        .read(
            sql -> {
              Journal.expect(sql, stage);
              List<Long> to = sql.query(end, row -> row.getLong(1), after, run.rows());
              return to.isEmpty()
                  ? new Stretch(true, after, 0)
                  : new Stretch(
                      false,
                      to.get(0),
                      sql.number("SELECT count(*) FROM (" + unlogged + ")", after, to.get(0)));
            });
  }

  private long note(String unlogged, long after, long to) {
    return run.store()
        .write(
            sql -> {
              Journal.expect(sql, stage);
              return (long)
                  sql.update(tables.fill("INSERT INTO {log} (id) ") + unlogged, after, to);
            });
  }
}
