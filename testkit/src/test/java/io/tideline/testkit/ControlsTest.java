package io.tideline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.RunControl;
import io.tideline.Tideline;
import io.tideline.error.ExitCode;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import io.tideline.run.RunReport;
import io.tideline.run.Running;
import io.tideline.run.Status;
import io.tideline.run.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs that others watch, stop and let wait, and runs with limits. */
class ControlsTest {
  private static final int ROWS = 900;

  @TempDir Path folder;

  private TestDatabase rows() {
    TestDatabase database = Product.SQLITE.create(folder);
    database.execute(
        "CREATE TABLE logs (id integer PRIMARY KEY, at text, body text)",
        series(ROWS) + " INSERT INTO logs SELECT i, '2020-01-01 00:00:00', 'body ' || i FROM n");
    return database;
  }

  private static String series(int most) {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + most + ")";
  }

  private Settings settings(TestDatabase database, Action action) {
    return Settings.of(
        database.url(),
        folder.resolve("archive"),
        List.of(
            Policy.of("logs", "logs")
                .time("at")
                .retain(Duration.ofDays(30))
                .action(action)
                .build()));
  }

  private static RunReport run(Settings settings, RunOptions options, RunListener listener) {
    try (Tideline tideline = Tideline.open(settings)) {
      return tideline.run(tideline.plan(Selection.all(), RunListener.NONE), options, listener);
    }
  }

  private static RunOptions most(long rows) {
    return new RunOptions(false, Optional.empty(), OptionalLong.of(rows), false);
  }

  private static void finishes(Settings settings, TestDatabase database) {
    assertThat(run(settings, RunOptions.DEFAULT, RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
    assertThat(database.count("logs")).isZero();
    try (Tideline tideline = Tideline.open(settings)) {
      Status status = tideline.status();
      assertThat(status.inDoubt()).isEmpty();
      assertThat(status.archivedRows()).isIn(0L, (long) ROWS);
    }
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void aRunTakesSoManyRowsAtMost(Action action) {
    try (TestDatabase database = rows()) {
      Settings settings = settings(database, action);
      RunReport report = run(settings, most(250), RunListener.NONE);

      assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(report.failure())
          .isEqualTo("Stopped at the rows it may take. Run again to go on.");
      assertThat(report.removed()).isEqualTo(250);
      assertThat(database.count("logs")).isEqualTo(ROWS - 250);
      try (Tideline tideline = Tideline.open(settings)) {
        assertThat(tideline.status().inDoubt()).isEmpty();
      }
      finishes(settings, database);
    }
  }

  @Test
  void aLimitThatIsNotReachedIsNotTold() {
    try (TestDatabase database = rows()) {
      RunReport report = run(settings(database, Action.DELETE), most(ROWS + 1), RunListener.NONE);
      assertThat(report.exit()).isEqualTo(ExitCode.DONE);
    }
  }

  @Test
  void aTreeIsNeverCut() {
    try (TestDatabase database = Product.SQLITE.create(folder)) {
      database.execute(
          "CREATE TABLE runs (id integer PRIMARY KEY, at text)",
          "CREATE TABLE notes (id integer PRIMARY KEY, run integer REFERENCES runs (id))",
          "CREATE INDEX notes_run ON notes (run)",
          series(50) + " INSERT INTO runs SELECT i, '2020-01-01' FROM n",
          series(950) + " INSERT INTO notes SELECT i, 1 + i % 50 FROM n");
      Settings settings =
          Settings.of(
              database.url(),
              folder.resolve("archive"),
              List.of(
                  Policy.of("runs", "runs")
                      .time("at")
                      .retain(Duration.ofDays(30))
                      .dependents(List.of(Dependent.of("notes")))
                      .build()));
      RunReport report = run(settings, most(170), RunListener.NONE);

      assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(report.removed()).isBetween(20L, 340L);
      assertThat(report.removed() % 20).isZero();
      assertThat(database.count("notes")).isEqualTo(19 * database.count("runs"));
      assertThat(run(settings, RunOptions.DEFAULT, RunListener.NONE).exit())
          .isEqualTo(ExitCode.DONE);
      assertThat(database.count("runs")).isZero();
    }
  }

  @Test
  void aRunEndsWhenItsTimeIsOver() {
    try (TestDatabase database = rows()) {
      Settings settings = settings(database, Action.ARCHIVE);
      RunOptions options =
          new RunOptions(false, Optional.of(Duration.ofNanos(1)), OptionalLong.empty(), false);
      RunReport report = run(settings, options, RunListener.NONE);

      assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(report.failure())
          .isEqualTo("Stopped after the time it may take. Run again to go on.");
      finishes(settings, database);
    }
  }

  /** Does something when a step is done the first time, and hears what the run waits for. */
  private static final class At implements RunListener {
    private final Step step;
    private final Runnable work;
    private final List<String> waits = new ArrayList<>();
    private boolean done;

    At(Step step, Runnable work) {
      this.step = step;
      this.work = work;
    }

    @Override
    public synchronized void on(RunEvent event) {
      if (event instanceof RunEvent.Waited waited) {
        waits.add(waited.why().what());
      }
      if (!done && event instanceof RunEvent.Stepped stepped && stepped.step() == step) {
        done = true;
        work.run();
      }
    }
  }

  /** Asks, and gives the run the time to look. */
  private static Optional<Running> stopSeen(RunControl control) {
    Optional<Running> running = control.stop();
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return running;
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"LEASED", "SLICE_ARCHIVED", "SEALED", "BATCH_COMMITTED"})
  void aRunIsStoppedFromElsewhere(Step step) {
    try (TestDatabase database = rows()) {
      Settings settings = settings(database, Action.ARCHIVE);
      RunControl control = RunControl.of(settings);
      List<Optional<Running>> asked = new ArrayList<>();
      RunReport report =
          run(settings, RunOptions.DEFAULT, new At(step, () -> asked.add(stopSeen(control))));

      assertThat(asked.get(0).orElseThrow().run()).isEqualTo(report.run());
      assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(report.failure()).contains(settings.state().resolve("stop") + " asks");
      assertThat(control.running()).isEmpty();
      assertThat(control.stop()).isEmpty();
      finishes(settings, database);
    }
  }

  @Test
  void aFileThatAPersonMadeStopsEveryRun() throws IOException {
    try (TestDatabase database = rows()) {
      Settings settings = settings(database, Action.ARCHIVE);
      Path stop = Files.createDirectories(settings.state()).resolve("stop");
      Files.createFile(stop);
      for (int i = 0; i < 2; i++) {
        RunReport report = run(settings, RunOptions.DEFAULT, RunListener.NONE);
        assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
        assertThat(database.count("logs")).isEqualTo(ROWS);
      }
      try (Tideline tideline = Tideline.open(settings)) {
        assertThat(tideline.status().warnings())
            .containsExactly("Every run stops at once while the file " + stop + " is there.");
      }
      Files.delete(stop);
      finishes(settings, database);
    }
  }

  @Test
  void aRunWaitsUntilItIsToldToGoOn() {
    try (TestDatabase database = rows()) {
      Settings settings = settings(database, Action.ARCHIVE);
      RunControl control = RunControl.of(settings);
      At at = new At(Step.BATCH_COMMITTED, () -> control.pause(Duration.ofHours(1)));
      List<Running> told = new ArrayList<>();
      RunListener resuming =
          event -> {
            at.on(event);
            if (event instanceof RunEvent.Waited waited
                && waited.why().what().startsWith("paused")) {
              control.running().ifPresent(told::add);
              assertThat(control.resume()).isTrue();
            }
          };
      RunReport report = run(settings, RunOptions.DEFAULT, resuming);

      assertThat(report.exit()).isEqualTo(ExitCode.DONE);
      assertThat(at.waits).anyMatch(reason -> reason.matches("paused until .*Z, as asked"));
      assertThat(told.get(0).kind()).isEqualTo("run");
      assertThat(told.get(0).pid()).isEqualTo(ProcessHandle.current().pid());
      assertThat(control.resume()).isFalse();
      assertThat(database.count("logs")).isZero();
    }
  }

  @Test
  void aRunGoesOnByItselfOrStopsWhileItWaits() {
    try (TestDatabase database = rows()) {
      Settings settings = settings(database, Action.ARCHIVE);
      RunControl control = RunControl.of(settings);
      At stopping = new At(Step.BATCH_COMMITTED, () -> control.pause(Duration.ofHours(1)));
      RunReport stopped =
          run(
              settings,
              RunOptions.DEFAULT,
              event -> {
                stopping.on(event);
                if (event instanceof RunEvent.Waited waited
                    && waited.why().what().startsWith("paused")) {
                  control.stop();
                }
              });
      assertThat(stopped.exit()).isEqualTo(ExitCode.STOPPED);

      At at = new At(Step.LEASED, () -> control.pause(Duration.ofMillis(600)));
      RunReport report = run(settings, RunOptions.DEFAULT, at);
      assertThat(report.exit()).isEqualTo(ExitCode.DONE);
      assertThat(at.waits).anyMatch(reason -> reason.startsWith("paused"));
      assertThat(database.count("logs")).isZero();
    }
  }
}
