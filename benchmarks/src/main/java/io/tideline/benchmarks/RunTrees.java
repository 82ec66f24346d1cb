package io.tideline.benchmarks;

import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import java.time.Duration;
import java.util.List;

/**
 * Trees as an audit database has them: runs own rows, rows own states; ids are random text, foreign
 * keys are enforced, cascade, and have an index. The older half of the runs is expired.
 *
 * @param runs the runs
 * @param rows the rows of each run
 * @param states the states of each row
 */
record RunTrees(int runs, int rows, int states) {
  /** A thousand runs, a million states. */
  static final RunTrees LARGE = new RunTrees(1_000, 200, 5);

  /** One statement that does the same without an archive. */
  static final String CASCADE = "DELETE FROM runs WHERE completed_at < '2026-01-01'";

  /** The table of the last generation. */
  static final String LEAVES = "states";

  private static final String SCHEMA =
      """
      CREATE TABLE runs (id text PRIMARY KEY NOT NULL, status text NOT NULL, completed_at %1$s);
      CREATE TABLE rows_ (id text PRIMARY KEY NOT NULL,
        run_id text NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        number integer NOT NULL, source text NOT NULL);
      CREATE TABLE states (id text PRIMARY KEY NOT NULL,
        row_id text NOT NULL REFERENCES rows_ (id) ON DELETE CASCADE,
        node text NOT NULL, status text NOT NULL, duration_ms %2$s NOT NULL, error text);
      %3$s
      INSERT INTO runs SELECT %4$s, 'completed',
        CASE WHEN n <= %6$d THEN '2025-06-01 12:00:00' ELSE '2030-06-01 12:00:00' END%5$s
        FROM series WHERE n <= %7$d;
      INSERT INTO rows_ SELECT %4$s, runs.id, n, 'source ' || n FROM runs, series WHERE n <= %8$d;
      INSERT INTO states SELECT %4$s, rows_.id, 'node ' || n, 'completed', n * 1.5, NULL
        FROM rows_, series WHERE n <= %9$d;
      DROP TABLE series;
      CREATE INDEX runs_completed ON runs (completed_at);
      CREATE INDEX rows_run ON rows_ (run_id);
      CREATE INDEX states_row ON states (row_id)""";

  /** What makes them on SQLite. */
  String[] sqlite() {
    return statements(
        "text",
        "real",
        "CREATE TABLE series AS WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s"
            + " WHERE n < 1000) SELECT n FROM s;",
        "lower(hex(randomblob(16)))",
        "");
  }

  /** What makes them on PostgreSQL. */
  String[] postgresql() {
    return statements(
        "timestamp",
        "double precision",
        "CREATE TABLE series AS SELECT generate_series(1, 1000) AS n;",
        "replace(gen_random_uuid()::text, '-', '')",
        "::timestamp");
  }

  private String[] statements(String time, String real, String series, String id, String cast) {
    return SCHEMA
        .formatted(time, real, series, id, cast, runs / 2, runs, rows, states)
        .split(";\\s*", -1);
  }

  /** All rows that are expired. */
  long expired() {
    return (long) runs / 2 * (1 + rows + (long) rows * states);
  }

  /** The states of the runs that are not expired. */
  long leavesLeft() {
    return (long) (runs - runs / 2) * rows * states;
  }

  /** The policy that does it. */
  Policy policy(Action action) {
    return Policy.of("runs", "runs")
        .time("completed_at")
        .retain(Duration.ofDays(30))
        .dependents(List.of(Dependent.of("rows_"), Dependent.of("states")))
        .action(action)
        .build();
  }
}
