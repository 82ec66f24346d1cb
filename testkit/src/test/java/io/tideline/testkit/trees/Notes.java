package io.tideline.testkit.trees;

import io.tideline.Tideline;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.policy.Dependent;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Runs that own batches and states, which refer to each other in a circle that nothing can defer;
 * notes refer to runs and stay without their reference. Runs 1 to 6 of 9 are expired.
 */
final class Notes implements AutoCloseable {
  static final List<String> TABLES = List.of("runs", "batches", "states", "notes");
  private static final int RUNS = 9;

  final TestDatabase database;
  private final Path folder;
  private int opened;

  Notes(Product product, Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    database = product.create(folder);
    schema(database);
    List<String> sql = new ArrayList<>();
    for (int run = 1; run <= RUNS; run++) {
      String at = run <= 6 ? "2026-01-0" + run : "2026-09-30";
      sql.add("INSERT INTO runs VALUES (%s, '%s 00:00:00', NULL)".formatted(run, at));
      sql.add("INSERT INTO batches VALUES (%s, %s, NULL)".formatted(run * 10, run));
      for (int state = 1; state <= 3; state++) {
        sql.add("INSERT INTO states VALUES (%s, %s)".formatted(run * 100 + state, run * 10));
      }
      sql.add(
          "UPDATE batches SET first_state = %s WHERE id = %s".formatted(run * 100 + 2, run * 10));
      sql.add("INSERT INTO notes VALUES ('note-%s', %s, 'about %s')".formatted(run, run, run));
    }
    database.execute(sql);
  }

  private static void schema(TestDatabase database) {
    database.execute(
        "CREATE TABLE runs (id integer PRIMARY KEY, at text, retry_of integer REFERENCES runs(id))",
        "CREATE TABLE batches (id integer PRIMARY KEY, run_id integer NOT NULL REFERENCES runs(id),"
            + " first_state integer)",
        "CREATE TABLE states (id integer PRIMARY KEY, batch integer NOT NULL REFERENCES batches(id))",
        // On SQLite its key may be NULL, so that the rowid names its rows.
        "CREATE TABLE notes (id text PRIMARY KEY, run_id integer REFERENCES runs(id), text text)");
    if (database.product() == Product.POSTGRESQL) {
      database.execute("ALTER TABLE batches ADD FOREIGN KEY (first_state) REFERENCES states (id)");
    } else {
      database.execute(
          "DROP TABLE batches",
          "CREATE TABLE batches (id integer PRIMARY KEY, run_id integer NOT NULL REFERENCES"
              + " runs(id), first_state integer REFERENCES states(id))");
    }
  }

  Settings settings() {
    Policy policy =
        Policy.of("runs", "runs")
            .time("at")
            .retain(Duration.ofDays(30))
            .dependents(
                List.of(
                    Dependent.of("batches"),
                    Dependent.of("states"),
                    new Dependent("notes", List.of(), Dependent.OnRoot.DETACH)))
            .build();
    return Settings.of(database.url(), folder.resolve("archive"), List.of(policy))
        .withPace(Pace.OFFLINE);
  }

  /** A later instant each time: the ids of runs are ordered by it. */
  Instant now() {
    return Runs.NOW.plusSeconds(++opened);
  }

  private Tideline open() {
    return Tideline.open(settings(), new SettableClock(now()));
  }

  RunReport run() {
    try (Tideline tideline = open()) {
      return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE);
    }
  }

  static RestoreRequest request(Optional<String> tree, Optional<DatabaseUrl> into) {
    return new RestoreRequest(
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        into,
        false,
        false,
        false,
        Duration.ZERO,
        Map.of(),
        tree);
  }

  RestoreReport restore(RestoreRequest request, RunListener listener) {
    try (Tideline tideline = open()) {
      return tideline.restore(request, listener);
    }
  }

  RestoreReport restore() {
    return restore(request(Optional.empty(), Optional.empty()), RunListener.NONE);
  }

  RestoreReport restore(String tree) {
    return restore(request(Optional.of(tree), Optional.empty()), RunListener.NONE);
  }

  /** The rows that the archive shows. */
  long archived() {
    try (Tideline tideline = open()) {
      return tideline.status().archivedRows();
    }
  }

  /** Another database with the same tables. */
  TestDatabase sibling() {
    TestDatabase other = database.sibling();
    schema(other);
    return other;
  }

  Map<String, List<String>> rows() {
    return rows(database);
  }

  static Map<String, List<String>> rows(TestDatabase of) {
    Map<String, List<String>> rows = new TreeMap<>();
    TABLES.forEach(table -> rows.put(table, of.dump(table)));
    return rows;
  }

  List<String> note(int run) {
    return database.query(
        "SELECT coalesce(CAST(run_id AS text), '-') FROM notes WHERE id = 'note-" + run + "'");
  }

  @Override
  public void close() {
    database.close();
  }
}
