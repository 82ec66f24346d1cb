package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.policy.Dependent;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs that own rows, tokens and states: ten of each run's 20 finished runs are expired. A token
 * refers to its row and, over a composite key, to its run; a state to its token. Files refer to
 * tokens and stay behind.
 */
final class Runs implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
  static final int RUNS = 20;
  static final int EXPIRED = 10;

  final TestDatabase database;
  private final Path folder;

  Runs(Product product, Path folder) {
    this.folder = folder;
    database = product.create(folder);
    String time = product == Product.POSTGRESQL ? "timestamp" : "text";
    database.execute(
        "CREATE TABLE runs (id text NOT NULL PRIMARY KEY, finished_at "
            + time
            + ", retry_of text REFERENCES runs(id))",
        "CREATE TABLE rows_ (id text NOT NULL, run_id text NOT NULL REFERENCES runs(id),"
            + " PRIMARY KEY (id, run_id))",
        "CREATE INDEX rows_run ON rows_(run_id)",
        "CREATE TABLE tokens (id text NOT NULL PRIMARY KEY, row_id text, run_id text NOT NULL"
            + " REFERENCES runs(id), parent text REFERENCES tokens(id), payload text,"
            + " FOREIGN KEY (row_id, run_id) REFERENCES rows_(id, run_id))",
        "CREATE INDEX tokens_run ON tokens(run_id)",
        "CREATE INDEX tokens_row ON tokens(row_id, run_id)",
        "CREATE INDEX tokens_parent ON tokens(parent)",
        "CREATE INDEX runs_retry ON runs(retry_of)",
        "CREATE TABLE states (id integer PRIMARY KEY, token_id text REFERENCES tokens(id))",
        "CREATE INDEX states_token ON states(token_id)",
        "CREATE TABLE files (id integer PRIMARY KEY, token_id text REFERENCES tokens(id), name text)",
        "CREATE INDEX files_token ON files(token_id)");
    List<String> sql = new ArrayList<>();
    int state = 0;
    for (int run = 1; run <= RUNS; run++) {
      String when = run <= EXPIRED ? "2026-01-01 00:00:" : "2026-09-30 00:00:";
      sql.add("INSERT INTO runs VALUES ('run-%d', '%s%d', NULL)".formatted(run, when, 10 + run));
      for (int row = 1; row <= 3; row++) {
        sql.add("INSERT INTO rows_ VALUES ('row-%d', 'run-%d')".formatted(row, run));
        String token = "token-" + run + "-" + row;
        String parent = row == 1 ? "NULL" : "'token-" + run + "-" + (row - 1) + "'";
        sql.add(
            "INSERT INTO tokens VALUES ('%s', 'row-%d', 'run-%d', %s, 'payload of %s')"
                .formatted(token, row, run, parent, token));
        for (int i = 0; i < 2; i++) {
          sql.add("INSERT INTO states VALUES (%d, '%s')".formatted(++state, token));
        }
      }
    }
    database.executeTogether(sql);
  }

  /** The rows of one run's tree, the run included. */
  static final int TREE = 1 + 3 + 3 + 6;

  Policy.Builder policy() {
    return Policy.of("runs", "runs")
        .time("finished_at")
        .retain(Duration.ofDays(30))
        .dependents(List.of(Dependent.of("rows_"), Dependent.of("tokens"), Dependent.of("states")));
  }

  Settings settings(Policy... policies) {
    return Settings.of(database.url(), folder.resolve("archive"), List.of(policies))
        .withPace(Pace.OFFLINE);
  }

  RunReport run(Settings settings, RunListener listener) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
      RunReport report = tideline.run(tideline.plan(Selection.all(), RunListener.NONE), listener);
      assertThat(tideline.checkRecord(report.recordHead()).problems()).isEmpty();
      return report;
    }
  }

  RunReport run() {
    return run(settings(policy().build()), RunListener.NONE);
  }

  long count(String table) {
    return Long.parseLong(database.query("SELECT count(*) FROM " + table).get(0));
  }

  List<String> runs() {
    return database.query("SELECT id FROM runs ORDER BY length(id), id");
  }

  @Override
  public void close() {
    database.close();
  }
}
