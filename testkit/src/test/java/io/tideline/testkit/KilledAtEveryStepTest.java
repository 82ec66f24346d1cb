package io.tideline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.policy.Action;
import io.tideline.policy.Policy;
import io.tideline.policy.Settings;
import io.tideline.policy.TimeColumn;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run is killed at each step, the policy changes, and the next run finishes: nothing is lost,
 * nothing is in two places, and the end follows the policy that holds then.
 */
@Tag("exhaustive")
class KilledAtEveryStepTest {
  private static final Duration LONGER = Scene.RETAIN.multipliedBy(12);

  @TempDir Path folder;

  /** What the policy is when the next run comes. */
  enum Then {
    SAME,
    LONGER,
    OFF
  }

  static Stream<Arguments> everyStepOfARun() {
    return Stream.of(Product.values())
        .flatMap(
            product ->
                Stream.of(Step.values())
                    .filter(step -> !restores(step) && !step.name().startsWith("PARTITION"))
                    .map(
                        step ->
                            Arguments.of(
                                product,
                                step,
                                Then.values()[(step.ordinal() + product.ordinal()) % 3])));
  }

  static Stream<Arguments> everyStepOfARestore() {
    return Stream.of(Product.values())
        .flatMap(
            product ->
                Stream.of(Step.values())
                    .filter(KilledAtEveryStepTest::restores)
                    .map(step -> Arguments.of(product, step)));
  }

  private static boolean restores(Step step) {
    return step.name().startsWith("RESTORE");
  }

  @ParameterizedTest
  @MethodSource("everyStepOfARun")
  void theNextRunFinishes(Product product, Step step, Then then) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    RandomTable table = RandomTable.any(product, random);
    String what = "seed " + seed + ", " + table;
    try (Scene scene = new Scene(folder, table, 600, random)) {
      Settings settings = scene.settings(policy(table, Optional.of(Scene.RETAIN)));
      ForkedRun.Result killed = ForkedRun.run(settings).at(Scene.NOW).killedAt(step, 1).start();
      assertThat(killed.killed()).as("%s: %s", what, killed).isTrue();
      Map<String, String> between = scene.live();

      Optional<Duration> retain =
          switch (then) {
            case SAME -> Optional.of(Scene.RETAIN);
            case LONGER -> Optional.of(LONGER);
            case OFF -> Optional.empty();
          };
      Settings present = scene.settings(policy(table, retain));
      RunReport report = scene.run(present, RunListener.NONE);
      Map<String, String> live = scene.live();
      scene.isWhole(live, scene.view(present));
      assertThat(live.keySet())
          .as("%s: %s", what, report)
          .isEqualTo(
              new TreeSet<>(
                  scene.rows.stream()
                      .filter(row -> between.containsKey(row.tag()))
                      .filter(
                          row ->
                              retain.isEmpty()
                                  || !row.expiredAt(
                                      Scene.CUTOFF.plus(Scene.RETAIN).minus(retain.get())))
                      .map(RandomRow::tag)
                      .toList()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SQLITE, BATCH_DELETED",
    "SQLITE, BATCH_COMMITTED",
    "POSTGRESQL, BATCH_DELETED",
    "POSTGRESQL, BATCH_COMMITTED"
  })
  void theNextMoveFinishes(Product product, Step step) {
    Random random = new Random(step.ordinal());
    TimeWriting time = TimeWriting.all(product).get(0);
    RandomTable table = RandomTable.with(product, time, RandomTable.KeyKind.TEXT, random);
    try (Scene scene = new Scene(folder, table, 300, random)) {
      Settings settings =
          scene.settings(
              Policy.of("p", table.name())
                  .time(table.timeColumn())
                  .retain(Scene.RETAIN)
                  .action(Action.MOVE)
                  .build());
      ForkedRun.Result killed = ForkedRun.run(settings).at(Scene.NOW).killedAt(step, 1).start();
      assertThat(killed.killed()).as("%s", killed).isTrue();
      scene.isWhole(scene.live(), scene.moved());
      scene.run(settings, RunListener.NONE);
      scene.isWhole(scene.live(), scene.moved());
      assertThat(scene.live())
          .hasSize((int) scene.rows.stream().filter(row -> !row.expiredAt(Scene.CUTOFF)).count());
    }
  }

  @ParameterizedTest
  @MethodSource("everyStepOfARestore")
  void theNextRestoreFinishes(Product product, Step step) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    RandomTable table = RandomTable.any(product, random);
    String what = "seed " + seed + ", " + table;
    try (Scene scene = new Scene(folder, table, 300, random)) {
      Settings settings = scene.settings(policy(table, Optional.of(Scene.RETAIN)));
      scene.run(settings, RunListener.NONE);
      ForkedRun.Result killed = ForkedRun.restore(settings).at(Scene.NOW).killedAt(step, 1).start();
      assertThat(killed.killed()).as("%s: %s", what, killed).isTrue();

      Map<String, String> between = scene.live();
      assertThat(scene.original).containsAllEntriesOf(between);
      scene.restore(settings, RestoreRequest.everything());
      assertThat(scene.live()).as(what).isEqualTo(scene.original);
      assertThat(scene.view(settings)).as(what).isEmpty();

      // The hold keeps what came back, whatever became of the restore that was killed.
      scene.run(settings, RunListener.NONE);
      scene.isWhole(scene.live(), scene.view(settings));
    }
  }

  private static Policy policy(RandomTable table, Optional<Duration> retain) {
    TimeColumn time =
        new TimeColumn(
            Optional.of(table.timeColumn()),
            Optional.empty(),
            TimeColumn.Format.AUTO,
            table.time().zone());
    Policy.Builder policy = Policy.of("p", table.name()).time(time).action(Action.ARCHIVE);
    retain.ifPresent(policy::retain);
    return policy.build();
  }
}
