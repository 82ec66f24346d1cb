package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.policy.Dependent;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreRequest;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One expired run of 2,001 rows, two expired small ones and a fresh one. A token refers to its row
 * and run over composite keys and to its parent token: chains of fifty whose keys are in no order.
 */
final class LargeTree implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
  static final int TREE = 1 + 100 + 600 + 1300;
  static final List<String> TABLES = List.of("runs", "rows_", "tokens", "states");

  final TestDatabase database;
  private final Product product;
  private final Path folder;
  private int states;

  LargeTree(Product product, Path folder) {
    this.product = product;
    this.folder = folder;
    database = product.create(folder);
    ddl().forEach(database::execute);
    List<String> sql = new ArrayList<>();
    run(sql, "small-1", "2026-01-01 00:00:00", 2, 4, 8);
    run(sql, "big", "2026-01-02 00:00:00", 100, 600, 1300);
    run(sql, "small-2", "2026-01-03 00:00:00", 2, 4, 8);
    run(sql, "fresh", "2026-09-30 00:00:00", 2, 4, 8);
    database.executeTogether(sql);
  }

  private List<String> ddl() {
    String time = product == Product.POSTGRESQL ? "timestamp" : "text";
    return List.of(
        "CREATE TABLE runs (id text NOT NULL PRIMARY KEY, at "
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
        "CREATE TABLE states (id integer PRIMARY KEY, token_id text NOT NULL REFERENCES tokens(id))",
        "CREATE INDEX states_token ON states(token_id)");
  }

  private void run(
      List<String> sql, String id, String at, int rows, int tokens, int statesOfTokens) {
    sql.add("INSERT INTO runs VALUES ('%s', '%s', NULL)".formatted(id, at));
    for (int row = 0; row < rows; row++) {
      sql.add("INSERT INTO rows_ VALUES ('row-%d', '%s')".formatted(row, id));
    }
    for (int token = 0; token < tokens; token++) {
      String parent = token % 50 == 0 ? "NULL" : "'" + token(id, token - 1) + "'";
      sql.add(
          "INSERT INTO tokens VALUES ('%s', 'row-%d', '%s', %s, 'payload %d')"
              .formatted(token(id, token), token % rows, id, parent, token));
    }
    for (int state = 0; state < statesOfTokens; state++) {
      sql.add(
          "INSERT INTO states VALUES (%d, '%s')".formatted(++states, token(id, state % tokens)));
    }
  }

  /** The key of a token, in no order. */
  static String token(String run, int number) {
    return run + "-" + Integer.toHexString((number + 1) * 0x9E3779B1);
  }

  Policy.Builder policy() {
    return Policy.of("runs", "runs")
        .time("at")
        .retain(Duration.ofDays(30))
        .maxTree(150)
        .stepwise(true)
        .dependents(List.of(Dependent.of("rows_"), Dependent.of("tokens"), Dependent.of("states")));
  }

  Settings settings() {
    return settings(policy().build());
  }

  Settings settings(Policy policy) {
    return Settings.of(database.url(), folder.resolve("archive"), List.of(policy))
        .withPace(Pace.OFFLINE);
  }

  Tideline open() {
    return Tideline.open(settings(), new SettableClock(NOW));
  }

  RunReport run(RunListener listener) {
    return run(settings(), listener);
  }

  RunReport run(Settings settings, RunListener listener) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
      return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), listener);
    }
  }

  /** The live rows of every table. */
  Map<String, List<String>> live() {
    return dump(database);
  }

  private static Map<String, List<String>> dump(TestDatabase database) {
    Map<String, List<String>> rows = new TreeMap<>();
    TABLES.forEach(table -> rows.put(table, database.dump(table)));
    return rows;
  }

  /** What the archive's view shows, restored into an empty database. */
  Map<String, List<String>> view() {
    try (TestDatabase other = database.sibling();
        Tideline tideline = open()) {
      ddl().forEach(other::execute);
      RestoreRequest all = RestoreRequest.everything().into(new DatabaseUrl(other.url()));
      tideline.restore(all, RunListener.NONE);
      return dump(other);
    }
  }

  /** Every row is live or in the view, and none is both. */
  void isWhole(Map<String, List<String>> original) {
    Map<String, List<String>> live = live();
    Map<String, List<String>> view = view();
    for (String table : TABLES) {
      List<String> both = new ArrayList<>(live.getOrDefault(table, List.of()));
      both.addAll(view.getOrDefault(table, List.of()));
      assertThat(both).as(table).doesNotHaveDuplicates();
      assertThat(new TreeSet<>(both))
          .as(table)
          .isEqualTo(new TreeSet<>(original.getOrDefault(table, List.of())));
    }
  }

  long count(String table) {
    return Long.parseLong(database.query("SELECT count(*) FROM " + table).get(0));
  }

  List<String> runs() {
    return database.query("SELECT id FROM runs ORDER BY id");
  }

  @Override
  public void close() {
    database.close();
  }
}
