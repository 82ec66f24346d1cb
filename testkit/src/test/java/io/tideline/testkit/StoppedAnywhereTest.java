package io.tideline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.policy.TimeColumn;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that stop for real reasons: a full disk, a lost connection, a listener that fails. */
@Tag("exhaustive")
class StoppedAnywhereTest {
  private static final int ROWS = 300;
  private static final Set<ExitCode> STOPPED =
      EnumSet.of(ExitCode.STOPPED, ExitCode.OUTCOME_UNKNOWN);

  @TempDir Path folder;

  private static Scene scene(Product product, Path folder) {
    Random random = new Random(7);
    TimeWriting time = TimeWriting.all(product).get(0);
    RandomTable table = RandomTable.with(product, time, RandomTable.KeyKind.TEXT, random);
    return new Scene(folder, table, ROWS, random);
  }

  private static Settings settings(Scene scene) {
    return scene.settings(
        Policy.of("p", scene.table.name())
            .time(TimeColumn.of(scene.table.timeColumn()))
            .retain(Scene.RETAIN)
            .build());
  }

  /** The state lies elsewhere: the blocks that it takes would leave none for an outcome. */
  private Settings at(Settings plain, String url, Path archive) {
    return new Settings(
        new DatabaseUrl(url),
        archive,
        folder.resolve("state"),
        plain.floor(),
        plain.pace(),
        plain.policies(),
        List.of());
  }

  /** How a run ended, by its report or by what it threw. */
  private static ExitCode exit(Scene scene, Settings settings, RunListener listener) {
    try {
      RunReport report = scene.run(settings, listener);
      return report.exit();
    } catch (TidelineException e) {
      return e.code().exitCode();
    }
  }

  /** Adopts, for what a proxy led to now has another address. */
  private static ExitCode next(Settings settings) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(Scene.NOW))) {
      tideline.adoptWhenWriting();
      return tideline
          .run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE)
          .exit();
    } catch (TidelineException e) {
      return e.code().exitCode();
    }
  }

  private static void theNextRunFinishes(Scene scene, Settings settings)
      throws InterruptedException {
    // A server may need a moment to notice that the session which held the lease is dead.
    ExitCode exit = next(settings);
    for (int i = 0; i < 50 && exit == ExitCode.BUSY; i++) {
      Thread.sleep(100);
      exit = next(settings);
    }
    long left = scene.rows.stream().filter(row -> !row.expiredAt(Scene.CUTOFF)).count();
    assertThat(scene.live()).as("after %s", exit).hasSize((int) left);
    scene.isWhole(scene.live(), scene.view(settings));
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"RESTORE.*", "PARTITION.*"},
      mode = EnumSource.Mode.MATCH_NONE)
  void aListenerFails(Step step) throws InterruptedException {
    try (Scene scene = scene(Product.SQLITE, folder)) {
      FailingAt failing = new FailingAt(step, 1);
      assertThatThrownBy(() -> scene.run(settings(scene), failing))
          .isInstanceOf(FailingAt.Failure.class);
      theNextRunFinishes(scene, settings(scene));
    }
  }

  @Test
  void theArchivesDiskIsFull() throws IOException, InterruptedException {
    try (Scene scene = scene(Product.SQLITE, folder);
        FullDisk disk = FullDisk.mount(Files.createDirectory(folder.resolve("disk")), 4096)) {
      Settings settings =
          at(settings(scene), scene.database.url(), disk.folder().resolve("archive"));
      ExitCode exit = ExitCode.STOPPED;
      int failures = 0;
      for (long room = 0; exit != ExitCode.DONE && room < 1_000_000; room += 8192) {
        disk.fillBut(room);
        exit = exit(scene, settings, RunListener.NONE);
        disk.empty();
        failures += STOPPED.contains(exit) ? 1 : 0;
        if (scene.live().size() == ROWS) {
          assertThat(scene.live()).isEqualTo(scene.original);
        } else {
          scene.isWhole(scene.live(), scene.view(settings));
        }
      }
      assertThat(failures).as("runs that stopped").isPositive();
      theNextRunFinishes(scene, settings);
    }
  }

  @Test
  void theDatabasesDiskIsFull() throws IOException, InterruptedException {
    try (FullDisk disk = FullDisk.mount(Files.createDirectory(folder.resolve("disk")), 4096);
        Scene scene = scene(Product.SQLITE, disk.folder())) {
      Settings settings = at(settings(scene), scene.database.url(), folder.resolve("archive"));
      FailingAt filling = FailingAt.doing(Step.SEALED, 1, () -> disk.fillBut(0));
      ExitCode exit = exit(scene, settings, filling);
      assertThat(filling.happened()).isTrue();
      assertThat(exit).isIn(STOPPED);
      disk.empty();
      assertThat(scene.live()).isEqualTo(scene.original);
      theNextRunFinishes(scene, settings);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"RESTORE.*", "PARTITION.*"},
      mode = EnumSource.Mode.MATCH_NONE)
  void theConnectionBreaksAfterAStep(Step step) throws InterruptedException {
    try (Scene scene = scene(Product.POSTGRESQL, folder);
        TcpProxy proxy = proxy(scene)) {
      Settings settings = settings(scene);
      exit(scene, through(proxy, scene, settings), FailingAt.doing(step, 1, proxy::cut));
      theNextRunFinishes(scene, settings);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void theAnswerToACommitIsLost(int nth) throws InterruptedException {
    try (Scene scene = scene(Product.POSTGRESQL, folder);
        TcpProxy proxy = proxy(scene)) {
      Settings settings = settings(scene);
      proxy.loseAnswerTo("COMMIT", nth);
      ExitCode exit = exit(scene, through(proxy, scene, settings), RunListener.NONE);
      if (proxy.sprung()) {
        assertThat(exit).isNotIn(ExitCode.DONE, ExitCode.DEFECT);
      }
      theNextRunFinishes(scene, settings);
    }
  }

  @Test
  void theAnswerToTheCommitOfABatchIsLost() throws InterruptedException {
    try (Scene scene = scene(Product.POSTGRESQL, folder);
        TcpProxy proxy = proxy(scene)) {
      Settings settings = settings(scene);
      RunListener losing =
          FailingAt.doing(Step.BATCH_DELETED, 1, () -> proxy.loseAnswerTo("COMMIT", 1));
      ExitCode exit = exit(scene, through(proxy, scene, settings), losing);
      assertThat(proxy.sprung()).isTrue();
      assertThat(exit).isEqualTo(ErrorCode.COMMIT_UNKNOWN.exitCode());
      assertThat(scene.live()).as("the commit happened").hasSizeLessThan(ROWS);
      theNextRunFinishes(scene, settings);
    }
  }

  @Test
  void theConnectionBreaksBeforeTheCommitOfABatch() throws InterruptedException {
    try (Scene scene = scene(Product.POSTGRESQL, folder);
        TcpProxy proxy = proxy(scene)) {
      Settings settings = settings(scene);
      RunListener cutting =
          FailingAt.doing(Step.BATCH_DELETED, 1, () -> proxy.cutBefore("COMMIT", 1));
      ExitCode exit = exit(scene, through(proxy, scene, settings), cutting);
      assertThat(exit).isIn(STOPPED);
      assertThat(scene.live()).as("the commit did not happen").isEqualTo(scene.original);
      theNextRunFinishes(scene, settings);
    }
  }

  private static TcpProxy proxy(Scene scene) {
    return new TcpProxy(((PostgresTestDatabase) scene.database).port());
  }

  private Settings through(TcpProxy proxy, Scene scene, Settings plain) {
    return at(plain, ((PostgresTestDatabase) scene.database).url(proxy.port()), plain.archive());
  }
}
