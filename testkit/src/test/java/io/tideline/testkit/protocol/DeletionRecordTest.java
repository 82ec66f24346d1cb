package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Action;
import io.tideline.policy.Policy;
import io.tideline.policy.Settings;
import io.tideline.run.RecordedLine;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The archive's record tells of everything that goes, before it goes, whoever is killed when. */
class DeletionRecordTest {
  @TempDir Path folder;

  private static Settings settings(Events events, Action action) {
    return events.settings(events.policy().action(action).build());
  }

  private static List<RecordedLine> lines(Events events) {
    List<RecordedLine> lines = new ArrayList<>();
    try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
      assertThat(tideline.record(lines::add)).isEmpty();
    }
    return lines;
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void anArchivedRowHasALineBeforeAndOneAfterItGoes(Product product) {
    try (Events events = new Events(product, folder)) {
      List<String> before = new ArrayList<>();
      events.run(FailingAt.doing(Step.BATCH_DELETED, 1, () -> before.addAll(events.recorded())));

      assertThat(before).containsExactly("begun", "sealed");
      assertThat(events.recorded()).containsExactly("begun", "sealed", "closed");
      RecordedLine closed = lines(events).get(2);
      assertThat(closed.policy()).isEqualTo("old");
      assertThat(closed.rows()).hasValue(30);
      assertThat(events.checked(Optional.empty()).head().orElseThrow().sha256())
          .isEqualTo(closed.sha256());
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aRowWithoutACopyHasALineBeforeAndOneAfterItGoes(Product product) throws IOException {
    for (Action action : List.of(Action.DELETE, Action.MOVE)) {
      try (Events events = new Events(product, folder.resolve(action.word()))) {
        List<String> before = new ArrayList<>();
        RunReport report =
            events.run(
                settings(events, action),
                FailingAt.doing(Step.BATCH_DELETED, 1, () -> before.addAll(events.recorded())));

        assertThat(report.exit()).isEqualTo(ExitCode.DONE);
        assertThat(before).containsExactly("begun", "taking");
        assertThat(events.recorded()).containsExactly("begun", "taking", "took");
        assertThat(lines(events).get(1).what()).startsWith(action.word()).endsWith("events");
        assertThat(lines(events).get(1).rows()).hasValue(30);
        assertThat(lines(events).get(2).what()).isEqualTo("done, line 2");
        assertThat(lines(events).get(2).rows()).hasValue(30);
        assertThat(Files.readAllLines(events.record()).get(1))
            .matches(".*\"cutoff\":\"2026-09-01T00:00:00Z\",\"plan\":\"[0-9a-f]{64}\".*")
            .matches(".*\"keys\":\"[0-9a-f]{32}\".*");
      }
    }
  }

  @Test
  void theLinesOfAPlanThatWasSavedNameItsFile() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder);
        Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
      Path plan = folder.resolve("plan.json");
      Tideline.savePlan(tideline.plan(io.tideline.policy.Selection.all(), RunListener.NONE), plan);
      tideline.run(tideline.loadPlan(plan, RunListener.NONE), RunListener.NONE);
      assertThat(Files.readString(events.record()))
          .contains("\"plan\":\"" + io.tideline.core.archive.SegmentFile.sha256(plan) + "\"");
    }
  }

  static Stream<Arguments> everyLine() {
    return Stream.of(Product.values())
        .flatMap(
            product ->
                Stream.of(Action.values())
                    .flatMap(
                        action ->
                            IntStream.of(1, 2)
                                .mapToObj(nth -> Arguments.of(product, action, nth))));
  }

  /** At the first line something is about to go, at the second it is gone. */
  @ParameterizedTest
  @MethodSource("everyLine")
  void whatAKillLeavesOpenTheNextRunCloses(Product product, Action action, int nth) {
    try (Events events = new Events(product, folder)) {
      Settings settings = settings(events, action);
      ForkedRun.Result killed =
          ForkedRun.run(settings).at(Events.NOW).killedAt(Step.RECORDED, nth).start();
      assertThat(killed.killed()).as("%s", killed).isTrue();
      assertThat(events.checked(Optional.empty()).problems()).isEmpty();
      assertThat(events.live()).hasSize(nth == 1 ? 40 : 10);

      assertThat(events.run(settings, RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
      assertThat(events.live()).hasSize(10);
      if (action == Action.ARCHIVE) {
        assertThat(events.recorded()).containsExactly("begun", "sealed", "closed");
      } else if (nth == 1) {
        assertThat(lines(events).get(2).what()).isEqualTo("interrupted, line 2");
        assertThat(lines(events).get(2).rows()).isEmpty();
        assertThat(events.recorded()).endsWith("taking", "took", "taking", "took");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void rowsOfWhichNobodyKnowsHowManyWentAreToldSo(Action action) {
    try (Events events = new Events(Product.SQLITE, folder)) {
      Settings settings = settings(events, action);
      assertThatThrownBy(() -> events.run(settings, new FailingAt(Step.BATCH_COMMITTED, 1)))
          .isInstanceOf(FailingAt.Failure.class);
      assertThat(events.checked(Optional.empty()).problems()).isEmpty();

      events.run(settings, RunListener.NONE);
      assertThat(events.checked(Optional.empty()).pending()).isEmpty();
      assertThat(lines(events).get(2).what())
          .endsWith(action == Action.ARCHIVE ? "/0001" : "interrupted, line 2");
    }
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void anOutcomeOrManifestThatAKillLeftWithoutALineGetsIt(Step step) {
    if (step != Step.SEALED && step != Step.CLOSED) {
      return;
    }
    try (Events events = new Events(Product.SQLITE, folder)) {
      assertThatThrownBy(() -> events.run(new FailingAt(step, 1)))
          .isInstanceOf(FailingAt.Failure.class);
      assertThat(events.checked(Optional.empty()).problems()).isEmpty();
      assertThat(events.checked(Optional.empty()).pending())
          .singleElement()
          .asString()
          .endsWith(" yet; the next run adds it.");

      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(events.recorded()).containsExactly("begun", "sealed", "closed");
    }
  }

  @Test
  void halfALineIsTakenAwayAndNoWholeOneIsLost() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run();
      List<String> whole = Files.readAllLines(events.record());
      Files.writeString(
          events.record(),
          "{\"number\":4,\"at\":\"2026",
          StandardCharsets.UTF_8,
          StandardOpenOption.APPEND);
      assertThat(events.checked(Optional.empty()).problems()).isEmpty();
      assertThat(events.checked(Optional.empty()).pending())
          .containsExactly("The last line was cut off as it was written; the next run removes it.");

      events.database.execute(
          "INSERT INTO events VALUES (99, 'acc-1', '2026-01-01 00:00:00', 'late')");
      events.run();
      assertThat(Files.readAllLines(events.record()))
          .hasSize(5)
          .startsWith(whole.toArray(String[]::new));
    }
  }

  @Test
  void aFolderThatCannotBeWrittenStopsTheRunBeforeAnythingGoes() throws IOException {
    for (Action action : Action.values()) {
      try (Events events = new Events(Product.SQLITE, folder.resolve(action.word()))) {
        events.run(settings(events, action), RunListener.NONE);
        events.database.execute(
            "INSERT INTO events VALUES (99, 'acc-1', '2026-01-01 00:00:00', 'late')");
        io.tideline.core.archive.Storage readOnly =
            new io.tideline.core.archive.Storage() {
              @Override
              public java.io.OutputStream append(Path file) throws IOException {
                if (file.endsWith("record.jsonl")) {
                  throw new java.nio.file.AccessDeniedException(file.toString());
                }
                return super.append(file);
              }
            };
        RunReport report = events.run(settings(events, action), RunListener.NONE, readOnly);
        assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
        assertThat(report.failure()).contains("record.jsonl: permission denied");
        assertThat(events.live()).hasSize(11);

        events.run(settings(events, action), RunListener.NONE);
        assertThat(events.live()).hasSize(10);
      }
    }
  }

  @Test
  void nobodyElseMayWriteToItMeanwhile() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      RunReport report =
          events.run(
              FailingAt.doing(
                  Step.SEALED,
                  1,
                  () -> {
                    try {
                      Files.writeString(events.record(), "{}\n", StandardOpenOption.APPEND);
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  }));
      assertThat(report.exit()).isEqualTo(ExitCode.STOPPED);
      assertThat(events.live()).hasSize(40);
    }
  }

  @Test
  void anArchiveOfAnEarlierVersionGetsARecordOfItsManifests() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run();
      Files.delete(events.record());
      List<Path> files;
      try (Stream<Path> all = Files.walk(events.settings().archive())) {
        files = all.filter(file -> file.toString().endsWith(".json")).toList();
      }
      for (Path file : files) {
        Files.writeString(
            file, Files.readString(file).replaceAll(",\\s*\"record\": \\{[^}]*}", ""));
      }
      try (Stream<Path> all = Files.walk(events.settings().state())) {
        for (Path file : all.filter(each -> each.endsWith("sealed.jsonl")).toList()) {
          Files.delete(file); // it knows the manifest with another digest
        }
      }
      assertThat(events.checked(Optional.empty()).problems()).isEmpty();
      assertThat(events.checked(Optional.empty()).pending())
          .containsExactly("There is no record yet: the next run begins it.");

      events.run();
      assertThat(events.recorded()).containsExactly("begun", "sealed", "closed");
      assertThat(Files.readString(events.record())).contains("\"late\":true");
    }
  }

  @Test
  void aRestoreThatOverwritesTellsOfTheRowsItReplaces() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run();
      events.database.execute(
          "INSERT INTO events VALUES (7, 'acc-1', '2026-01-01 00:00:17', 'other')");
      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        tideline.restore(
            new io.tideline.run.RestoreRequest(
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                false,
                false,
                java.time.Duration.ZERO,
                java.util.Map.of()),
            RunListener.NONE);
        assertThat(tideline.checkRecord(Optional.empty()).problems()).isEmpty();
      }
      assertThat(events.recorded())
          .containsExactly("begun", "sealed", "closed", "sealed", "closed");
      assertThat(lines(events).get(3).policy()).isEmpty();
      assertThat(lines(events).get(3).rows()).hasValue(1);
    }
  }

  @Test
  void itIsRefusedWhereItIsMissing() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run(settings(events, Action.DELETE), RunListener.NONE);
      Files.delete(events.record());
      assertThat(events.checked(Optional.empty()).problems())
          .singleElement()
          .asString()
          .startsWith("Cannot find the record ")
          .contains("the report of ")
          .endsWith("notes line 3 of it.");
      assertThatThrownBy(events::run)
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_CORRUPT))
          .hasMessageContaining("`tideline recover` sets it aside");

      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        assertThat(tideline.recover().record()).hasSize(1);
        assertThat(tideline.recover().record()).isEmpty();
      }
      assertThat(events.recorded()).containsExactly("begun");
      assertThat(lines(events).get(0).number()).isEqualTo(4);
      assertThat(lines(events).get(0).what()).isEqualTo("in place of a lost record, after line 3");
      assertThat(events.checked(Optional.empty()).problems()).isEmpty();
      events.run();
    }
  }

  private Policy off(Events events) {
    return events.policy().build().withRetain(Optional.empty());
  }

  @Test
  void aRunThatRemovesNothingAddsNoLine() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run(events.settings(off(events)), RunListener.NONE);
      events.run(events.settings(off(events)), RunListener.NONE);
      assertThat(events.recorded()).containsExactly("begun");
    }
  }
}
