package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.core.archive.Storage;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Dependent;
import io.tideline.policy.Dependent.OnRoot;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs of trees that end at every step and at every write: nothing is lost, no tree goes by half,
 * and the next run finishes. The trees have a row that two of them share, roots that refer to each
 * other, and rows that lose a reference.
 */
@Tag("exhaustive")
class KilledTreesTest {
  private static final List<String> TABLES = List.of("runs", "rows_", "tokens", "states", "files");

  /** Runs 9 and 10 share a row, run 15 stays and keeps run 5: of ten, nine go. */
  private static final int LEFT = 11;

  @TempDir Path folder;

  /** The scene of {@link Runs}, its policy, and its rows before anything happened. */
  private static final class Scene implements AutoCloseable {
    final Runs runs;
    final Settings settings;
    final Map<String, String> original;
    private int opened;

    Scene(Product product, Path folder) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      runs = new Runs(product, folder);
      runs.database.execute(
          "UPDATE runs SET retry_of = 'run-1' WHERE id = 'run-2'",
          "UPDATE runs SET retry_of = 'run-2' WHERE id = 'run-3'",
          "UPDATE runs SET retry_of = 'run-7' WHERE id = 'run-6'",
          "UPDATE runs SET retry_of = 'run-6' WHERE id = 'run-7'",
          "UPDATE runs SET retry_of = 'run-5' WHERE id = 'run-15'",
          "UPDATE tokens SET parent = 'token-9-1' WHERE id = 'token-10-1'",
          "INSERT INTO files VALUES (1, 'token-4-1', 'a'), (2, 'token-9-3', 'b'),"
              + " (3, 'token-5-1', 'c'), (4, 'token-17-1', 'd')");
      Policy policy =
          runs.policy()
              .dependents(
                  List.of(
                      Dependent.of("rows_"),
                      Dependent.of("tokens"),
                      Dependent.of("states"),
                      new Dependent("files", List.of(), OnRoot.DETACH)))
              .format(product == Product.SQLITE ? "jsonl" : "parquet")
              .build();
      settings =
          Settings.of(runs.database.url(), folder.resolve("archive"), List.of(policy))
              .withPace(Pace.OFFLINE);
      original = rows(runs.database);
    }

    RunReport run(RunListener listener, Storage storage) {
      try (Tideline tideline = open(storage)) {
        return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), listener);
      }
    }

    /** Runs are ordered by their instants. */
    Tideline open(Storage storage) {
      return Tideline.open(settings, new SettableClock(Runs.NOW.plusMillis(++opened)), storage);
    }

    Map<String, String> live() {
      return rows(runs.database);
    }

    /** What the archive shows, brought into tables without foreign keys. */
    Map<String, String> view() {
      try (TestDatabase other = runs.database.sibling();
          Tideline tideline = open(new Storage())) {
        String time = other.product() == Product.POSTGRESQL ? "timestamp" : "text";
        other.execute(
            "CREATE TABLE runs (id text NOT NULL PRIMARY KEY, finished_at "
                + time
                + ", retry_of text)",
            "CREATE TABLE rows_ (id text NOT NULL, run_id text NOT NULL, PRIMARY KEY (id, run_id))",
            "CREATE TABLE tokens (id text NOT NULL PRIMARY KEY, row_id text, run_id text NOT NULL,"
                + " parent text, payload text)",
            "CREATE TABLE states (id integer PRIMARY KEY, token_id text)",
            "CREATE TABLE files (id integer PRIMARY KEY, token_id text, name text)");
        tideline.restore(
            RestoreRequest.everything().into(new DatabaseUrl(other.url())), RunListener.NONE);
        return rows(other);
      }
    }

    /** No row is lost or in two places, whatever happened: what was removed is archived. */
    void nothingIsLost(String when) {
      Map<String, String> live = new TreeMap<>(live());
      live.replaceAll((name, row) -> name.startsWith("files") ? original.get(name) : row);
      assertThat(original).as(when).containsAllEntriesOf(live);
      for (String run : ids(live, "runs")) {
        assertThat(size(live, run))
            .as("%s: the tree of %s", when, run)
            .isEqualTo(size(original, run));
      }
      for (String run : ids(original, "runs")) {
        if (!live.containsKey("runs " + run)) {
          assertThat(size(live, run)).as("%s: the tree of %s", when, run).isZero();
        }
      }
    }

    /** The rows whose tree is gone lie in the archive, and no others. */
    void isDone(String when) {
      nothingIsLost(when);
      Map<String, String> live = live();
      assertThat(ids(live, "runs")).as(when).hasSize(LEFT).contains("run-5");
      assertThat(live).as(when).containsEntry("files 3", original.get("files 3"));
      assertThat(live.get("files 1")).as(when).isNotEqualTo(original.get("files 1"));
      assertThat(live.get("files 2")).as(when).isNotEqualTo(original.get("files 2"));
      Map<String, String> gone = new TreeMap<>(original);
      gone.keySet().removeAll(live.keySet());
      assertThat(view()).as(when).isEqualTo(gone);
      try (Tideline tideline = open(new Storage())) {
        assertThat(tideline.status().inDoubt()).as(when).isEmpty();
        assertThat(tideline.verify(Optional.empty(), RunListener.NONE).problems())
            .as(when)
            .isEmpty();
      }
    }

    /** How many rows of a tree are there, its root apart. */
    private static long size(Map<String, String> rows, String run) {
      String number = run.substring("run-".length());
      return rows.keySet().stream()
          .filter(name -> name.matches("rows_ .* " + run + "|tokens token-" + number + "-.*"))
          .count();
    }

    private static List<String> ids(Map<String, String> rows, String table) {
      return rows.keySet().stream()
          .filter(name -> name.startsWith(table + " "))
          .map(name -> name.substring(table.length() + 1))
          .toList();
    }

    private static Map<String, String> rows(TestDatabase database) {
      Map<String, String> rows = new TreeMap<>();
      for (String table : TABLES) {
        String key = table.equals("rows_") ? "id || ' ' || run_id" : "CAST(id AS text)";
        List<String> names = database.query("SELECT " + key + " FROM " + table + " ORDER BY 1");
        String text = database.rowText(database.columns(table));
        List<String> values =
            database.query("SELECT " + text + " FROM " + table + " ORDER BY " + key);
        for (int i = 0; i < names.size(); i++) {
          rows.put(table + " " + names.get(i), values.get(i));
        }
      }
      return rows;
    }

    @Override
    public void close() {
      runs.close();
    }
  }

  static Stream<Arguments> everyStep() {
    return Stream.of(Product.values())
        .flatMap(
            product ->
                Stream.of(Step.values())
                    .filter(step -> !step.name().startsWith("RESTORE"))
                    .map(step -> Arguments.of(product, step)));
  }

  @ParameterizedTest
  @MethodSource("everyStep")
  void aRunFailsAtAStep(Product product, Step step) {
    int times = product == Product.SQLITE ? 2 : 1;
    for (int nth = 1; nth <= times; nth++) {
      try (Scene scene = new Scene(product, folder.resolve(step + " " + nth))) {
        String when = step + " for the " + nth + ". time";
        FailingAt failing = new FailingAt(step, nth);
        try {
          scene.run(failing, new Storage());
        } catch (FailingAt.Failure expected) {
          assertThat(failing.happened()).isTrue();
        }
        scene.nothingIsLost(when);
        if (!failing.happened()) {
          scene.isDone(when);
          return;
        }
        if (nth % 2 == 0) {
          try (Tideline tideline = scene.open(new Storage())) {
            tideline.recover();
          }
        }
        scene.run(RunListener.NONE, new Storage());
        scene.isDone(when);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SQLITE, SEALED",
    "SQLITE, BATCH_DELETED",
    "SQLITE, BATCH_COMMITTED",
    "POSTGRESQL, SEALED",
    "POSTGRESQL, BATCH_DELETED",
    "POSTGRESQL, BATCH_COMMITTED"
  })
  void aProcessIsKilledAtAStep(Product product, Step step) {
    try (Scene scene = new Scene(product, folder)) {
      ForkedRun.Result killed =
          ForkedRun.run(scene.settings).at(Runs.NOW).killedAt(step, 1).start();
      assertThat(killed.killed()).as("%s", killed).isTrue();
      scene.nothingIsLost("killed at " + step);
      scene.run(RunListener.NONE, new Storage());
      scene.isDone("after " + step);
    }
  }

  /** A storage that is full at the n-th thing that it is to do, and ever after. */
  private static final class Filling extends Storage {
    private int left;
    private boolean full;

    Filling(int operations) {
      left = operations;
    }

    private void take() throws IOException {
      if (left-- <= 0) {
        full = true;
        throw new IOException("No space left on device");
      }
    }

    @Override
    public OutputStream create(Path file) throws IOException {
      take();
      return super.create(file);
    }

    @Override
    public OutputStream append(Path file) throws IOException {
      take();
      return super.append(file);
    }

    @Override
    public void sync(Path file) throws IOException {
      take();
      super.sync(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      take();
      super.rename(from, to);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theArchivesDiskIsFullAtEachOperation(Product product) {
    List<Integer> failures = new ArrayList<>();
    int stride = product == Product.SQLITE ? 2 : 7; // the same archive: a few will do
    for (int operations = 0; ; operations += stride) {
      try (Scene scene = new Scene(product, folder.resolve(product + " " + operations))) {
        Filling storage = new Filling(operations);
        try {
          scene.run(RunListener.NONE, storage);
        } catch (TidelineException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL);
        }
        scene.nothingIsLost("full at operation " + operations);
        if (storage.full) {
          failures.add(operations);
          scene.run(RunListener.NONE, new Storage());
        }
        scene.isDone("full at operation " + operations);
        if (!storage.full) {
          assertThat(failures).hasSizeGreaterThan(4);
          return;
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void withoutFaultsNineOfTenGo(Product product) {
    try (Scene scene = new Scene(product, folder)) {
      RunReport report = scene.run(RunListener.NONE, new Storage());
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.ROWS_LEFT);
      scene.isDone("without faults");
      assertThatThrownBy(() -> scene.runs.database.execute("INSERT INTO states VALUES (999, 'x')"))
          .as("foreign keys are as they were")
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
