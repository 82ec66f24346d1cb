package io.tideline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Action;
import io.tideline.policy.Policy;
import io.tideline.policy.TimeColumn;
import io.tideline.run.RunReport;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to write times purges exactly the rows older than the cutoff, whatever the action. */
@Tag("exhaustive")
class EveryEncodingTest {
  @TempDir Path folder;

  static Stream<Arguments> everyEncodingAndAction() {
    return Stream.of(Product.values())
        .flatMap(
            product ->
                TimeWriting.all(product).stream()
                    .flatMap(
                        time ->
                            Stream.of(Action.values())
                                .map(action -> Arguments.of(product, time, action))));
  }

  @ParameterizedTest
  @MethodSource("everyEncodingAndAction")
  void exactlyTheOlderRowsGo(Product product, TimeWriting time, Action action) {
    Random random = new Random(time.name().hashCode());
    RandomTable.KeyKind[] keys = RandomTable.KeyKind.values();
    RandomTable table = RandomTable.with(product, time, keys[random.nextInt(keys.length)], random);
    try (Scene scene = new Scene(folder, table, 120, random)) {
      Policy policy = policy(table, action);
      RunReport report = scene.run(policy);

      Instant cutoff = Scene.CUTOFF;
      List<String> stay =
          scene.rows.stream().filter(row -> !row.expiredAt(cutoff)).map(RandomRow::tag).toList();
      Map<String, String> live = scene.live();
      assertThat(live.keySet()).as("%s: %s", table, report).isEqualTo(new TreeSet<>(stay));
      assertThat(report.removed()).isEqualTo(scene.rows.size() - stay.size());
      if (action == Action.ARCHIVE) {
        scene.isWhole(live, scene.view(scene.settings(policy)));
      } else if (action == Action.MOVE) {
        scene.isWhole(live, scene.moved());
      }
    }
  }

  @Test
  void aMoveThatMakesItsArchiveTableMovesRowsOfAHiddenKey() {
    Random random = new Random(1);
    TimeWriting time = TimeWriting.all(Product.SQLITE).get(0);
    RandomTable table = RandomTable.with(Product.SQLITE, time, RandomTable.KeyKind.HIDDEN, random);
    try (Scene scene = new Scene(folder, table, 60, random)) {
      scene.run(policy(table, Action.MOVE));
      scene.isWhole(scene.live(), scene.moved());
      assertThat(scene.moved()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SQLITE, iso space, Pacific/Kiritimati",
    "SQLITE, iso space in Berlin, America/Los_Angeles",
    "POSTGRESQL, timestamp, Pacific/Kiritimati",
    "POSTGRESQL, timestamptz, America/Los_Angeles",
    "POSTGRESQL, date, Pacific/Kiritimati",
  })
  void theMachinesZoneChangesNothing(Product product, String writing, String machine) {
    Random random = new Random(machine.hashCode());
    TimeWriting time =
        TimeWriting.all(product).stream()
            .filter(t -> t.name().equals(writing))
            .findAny()
            .orElseThrow();
    RandomTable table = RandomTable.with(product, time, random);
    try (Scene scene = new Scene(folder, table, 120, random)) {
      Policy policy = policy(table, Action.ARCHIVE);
      ForkedRun.Result result =
          ForkedRun.run(scene.settings(policy))
              .at(Scene.NOW)
              .option("-Duser.timezone=" + machine)
              .start();
      assertThat(scene.live().keySet())
          .as("%s", result)
          .isEqualTo(
              scene.rows.stream()
                  .filter(row -> !row.expiredAt(Scene.CUTOFF))
                  .map(RandomRow::tag)
                  .collect(Collectors.toSet()));
      scene.isWhole(scene.live(), scene.view(scene.settings(policy)));
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aColumnThatMixesOrdersIsRefusedWithCountsAndExamples(Product product) {
    Random random = new Random(1);
    TimeWriting time = TimeWriting.all(product).get(0);
    RandomTable table = RandomTable.with(product, time, RandomTable.KeyKind.COUNTED, random);
    try (Scene scene = new Scene(folder, table, 200, random)) {
      scene.database.execute(
          "UPDATE %s SET %s = '2020-01-02T03:04:05' WHERE tag IN ('r000007', 'r000100')"
              .formatted(TestDatabase.quote(table.name()), TestDatabase.quote(table.timeColumn())));
      assertThatThrownBy(() -> scene.run(policy(table, Action.DELETE)))
          .isInstanceOf(TidelineException.class)
          .hasMessageContaining("written in 2 ways")
          .hasMessageContaining("2 iso-t without offset (2020-01-02T03:04:05)")
          .hasMessageContaining("time: {sql:")
          .extracting(e -> ((TidelineException) e).code())
          .isEqualTo(ErrorCode.TIME_MIXED);
      assertThat(scene.live()).hasSize(200);
    }
  }

  private static Policy policy(RandomTable table, Action action) {
    return Policy.of("p", table.name())
        .time(
            new TimeColumn(
                Optional.of(table.timeColumn()),
                Optional.empty(),
                TimeColumn.Format.AUTO,
                table.time().zone()))
        .retain(Scene.RETAIN)
        .action(action)
        .build();
  }
}
