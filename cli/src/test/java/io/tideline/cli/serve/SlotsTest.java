package io.tideline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.error.ExitCode;
import io.tideline.schedule.Notice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When things run: every decision, without a database. */
final class SlotsTest {
  private static final String HOURLY = "jobs:\n  a: {command: verify, every: 1h}\n";

  @TempDir Path folder;

  private Stage stage(String now) {
    return new Stage(folder, now);
  }

  @Test
  void runsAtEachTimeOnce() {
    Stage stage = stage("2025-06-01T00:10:00Z").file("db", HOURLY);

    stage.serve("2025-06-01T03:30:00Z");

    assertThat(stage.ran)
        .containsExactly(
            "a 2025-06-01T01:00:00Z", "a 2025-06-01T02:00:00Z", "a 2025-06-01T03:00:00Z");
  }

  @Test
  void runsAMonthWithAnHourThatOccursTwice() {
    Stage stage =
        stage("2025-10-12T12:00:00Z")
            .file(
                "db",
                "jobs:\n  a: {command: verify, cron: '*/15 1-3 * * *', timezone: Europe/Paris}\n");

    stage.serve("2025-11-11T12:00:00Z");

    assertThat(stage.ran).hasSize(30 * 12).doesNotHaveDuplicates();
  }

  @Test
  void catchesUpOnceAfterItWasDown() {
    Stage stage = stage("2025-06-01T00:10:00Z").file("db", HOURLY);
    stage.serve("2025-06-01T01:30:00Z");
    stage.ran.clear();
    stage.time.leap(Duration.ofHours(50));

    stage.serve("2025-06-03T04:30:00Z");

    assertThat(stage.ran).containsExactly("a 2025-06-03T03:30:00Z", "a 2025-06-03T04:00:00Z");
    assertThat(stage.events("late")).containsExactly("2025-06-03T03:30:00Z");
  }

  @Test
  void catchesUpOnceAfterTheClockJumpedForward() {
    Stage stage = stage("2025-06-01T00:10:00Z").file("db", HOURLY);
    stage.time.at("2025-06-01T01:30:00Z", () -> stage.time.leap(Duration.ofHours(50)));

    stage.serve("2025-06-03T04:30:00Z");

    assertThat(stage.ran)
        .containsExactly(
            "a 2025-06-01T01:00:00Z", "a 2025-06-03T03:30:00Z", "a 2025-06-03T04:00:00Z");
  }

  @Test
  void runsNothingTwiceWhenTheClockIsPutBack() {
    Stage stage = stage("2025-06-01T00:10:00Z").file("db", HOURLY);
    stage.time.at("2025-06-01T03:30:00Z", () -> stage.time.leap(Duration.ofMinutes(-150)));

    stage.serve("2025-06-01T05:30:00Z");

    assertThat(stage.ran)
        .containsExactly(
            "a 2025-06-01T01:00:00Z",
            "a 2025-06-01T02:00:00Z",
            "a 2025-06-01T03:00:00Z",
            "a 2025-06-01T04:00:00Z",
            "a 2025-06-01T05:00:00Z");
  }

  @Test
  void goesOnWhenAClockThatWasYearsAheadIsPutRight() {
    Stage stage = stage("2025-06-01T00:10:00Z").file("db", HOURLY);
    stage.time.at(
        "2025-06-01T02:30:00Z", () -> stage.time.put(Instant.parse("2031-06-01T00:30:00Z")));

    stage.serve(
        "2031-06-01T09:00:00Z",
        server ->
            stage.time.at(
                "2031-06-01T02:30:00Z",
                () -> {
                  stage.time.put(Instant.parse("2025-06-01T01:30:00Z"));
                  stage.time.at("2025-06-01T04:30:00Z", server::stop);
                }));

    assertThat(stage.ran)
        .containsExactly(
            "a 2025-06-01T01:00:00Z",
            "a 2025-06-01T02:00:00Z",
            "a 2031-06-01T00:30:00Z",
            "a 2031-06-01T01:00:00Z",
            "a 2031-06-01T02:00:00Z",
            "a 2025-06-01T03:00:00Z",
            "a 2025-06-01T04:00:00Z");
    assertThat(stage.events("clock-back")).containsExactly("2025-06-01T01:30:00Z");
  }

  @Test
  void putsStartsOffAndRunsThemOnce() {
    Stage stage =
        stage("2025-06-01T00:10:00Z")
            .file("db", "jobs:\n  a: {command: verify, every: 1h, jitter: 20m}\n");

    stage.serve("2025-06-02T00:30:00Z");

    assertThat(stage.ran).hasSize(24);
    List<Long> seconds =
        stage.ran.stream().map(each -> Instant.parse(each.substring(2)).getEpochSecond()).toList();
    assertThat(seconds).allSatisfy(each -> assertThat(each % 3600).isBetween(0L, 1200L));
    assertThat(seconds.stream().map(each -> each % 3600).distinct().count()).isGreaterThan(10);
  }

  @Test
  void runsWhatFollowsOnlyAfterSuccess() {
    Stage stage =
        stage("2025-06-01T00:10:00Z")
            .file(
                "db",
                """
                jobs:
                  a: {command: verify, every: 1h}
                  b: {command: stats, after: a}
                  c: {command: status, after: b}
                """);
    stage.ends.put(
        "a",
        job ->
            stage.time.instant().toString().contains("T01")
                ? new Jobs.End(ExitCode.CORRUPTION, "Damaged.")
                : new Jobs.End(ExitCode.DONE, ""));

    stage.serve("2025-06-01T02:30:00Z");

    assertThat(stage.ran)
        .containsExactly(
            "a 2025-06-01T01:00:00Z",
            "a 2025-06-01T02:00:00Z",
            "b 2025-06-01T02:00:00Z",
            "c 2025-06-01T02:00:00Z");
    assertThat(stage.events("job-failed")).hasSize(1);
  }

  @Test
  void beginsNothingTwiceWhileARunGoesOnAndCatchesUpOnce() {
    Stage stage = stage("2025-06-01T00:10:00Z").file("db", HOURLY);
    List<Runnable> going = new ArrayList<>();
    stage.executor = going::add;
    stage.time.at(
        "2025-06-01T05:30:00Z",
        () -> {
          stage.executor = Runnable::run;
          assertThat(going).hasSize(1);
          going.get(0).run();
        });

    stage.serve("2025-06-01T06:30:00Z");

    assertThat(stage.ran)
        .containsExactly(
            "a 2025-06-01T05:30:00Z", "a 2025-06-01T05:30:00Z", "a 2025-06-01T06:00:00Z");
  }

  @Test
  void runsAsManyDatabasesAtOnceAsItMay() {
    Stage stage = stage("2025-06-01T00:10:00Z");
    for (String name : List.of("a", "b", "c")) {
      stage.file(name, "jobs:\n  " + name + ": {command: verify, every: 1h}\n");
    }
    List<Runnable> going = new ArrayList<>();
    stage.executor = going::add;
    stage.time.at("2025-06-01T01:10:00Z", () -> {});
    List<Integer> sizes = new ArrayList<>();
    List<String> waits = new ArrayList<>();

    stage.serve(
        "2025-06-01T01:20:00Z",
        server ->
            stage.time.at(
                "2025-06-01T01:15:00Z",
                () -> {
                  sizes.add(going.size());
                  server
                      .picture()
                      .databases()
                      .forEach(each -> waits.add(each.database() + ":" + each.waiting()));
                  new ArrayList<>(going).forEach(Runnable::run);
                  going.clear();
                  stage.executor = Runnable::run;
                }));

    assertThat(sizes).containsExactly(2);
    assertThat(waits).containsExactly("a:", "b:", "c:queue");
  }

  @Test
  void takesUpChangedNewAndRemovedFiles() throws IOException {
    Stage stage = stage("2025-06-01T00:10:00Z").file("a", HOURLY);
    stage.time.at(
        "2025-06-01T01:30:00Z",
        () ->
            stage
                .file("a", "jobs:\n  a: {command: verify, every: 30m}\n")
                .file("b", "jobs:\n  b: {command: verify, every: 1h}\n"));
    stage.time.at("2025-06-01T02:10:00Z", () -> delete("a.yaml"));

    stage.serve("2025-06-01T03:30:00Z");

    assertThat(stage.ran)
        .containsExactly(
            "a 2025-06-01T01:00:00Z",
            "a 2025-06-01T02:00:00Z",
            "b 2025-06-01T02:00:00Z",
            "b 2025-06-01T03:00:00Z");
    assertThat(stage.events("reloaded")).hasSize(1);
    assertThat(stage.events("removed")).hasSize(1);
  }

  private void delete(String name) {
    try {
      Files.delete(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void goesOnByTheVersionBeforeWhileAFileIsBroken() {
    Stage stage = stage("2025-06-01T00:10:00Z").file("a", HOURLY);
    stage.time.at("2025-06-01T01:30:00Z", () -> stage.write("a.yaml", "version: 1\nbad: ["));
    List<String> problems = new ArrayList<>();

    stage.serve(
        "2025-06-01T03:30:00Z",
        server ->
            stage.time.at(
                "2025-06-01T02:30:00Z",
                () -> {
                  problems.addAll(server.picture().databases().get(0).problems());
                  stage.file("a", HOURLY);
                }));

    assertThat(stage.ran).hasSize(3);
    assertThat(problems).singleElement().asString().contains("This is not YAML");
    assertThat(stage.events("config-broken")).hasSize(1);
    assertThat(stage.events("reloaded")).hasSize(1);
  }

  @Test
  void refusesAFileThatSharesADatabase() {
    Stage stage = stage("2025-06-01T00:10:00Z").file("a", HOURLY);
    stage.write("b.yaml", Stage.head("a").replace("a-", "b-") + HOURLY);

    Server server = stage.serve("2025-06-01T01:30:00Z");

    assertThat(stage.ran).hasSize(1);
    assertThat(server.picture().unusable())
        .containsEntry("b", "It has the same 'database' as a.yaml: give it one of its own.");
    assertThat(Health.well(server.picture())).isFalse();
  }

  @Test
  void leavesAFileAloneThatAnotherServes() {
    Stage stage = stage("2025-06-01T00:10:00Z").file("a", HOURLY);
    Stage other = stage("2025-06-01T00:10:00Z");

    stage.serve(
        "2025-06-01T02:30:00Z",
        server -> stage.time.at("2025-06-01T01:30:00Z", () -> other.serve("2025-06-01T01:30:00Z")));
    other.serve("2025-06-01T02:30:00Z");

    assertThat(stage.ran).hasSize(2);
    assertThat(other.events("config-broken")).hasSize(1);
    assertThat(other.log().toString()).contains("Another 'tideline serve' serves it, by its lock");
    assertThat(other.ran).isEmpty(); // nothing is missed by then
  }

  @Test
  void runsWhatWasDueFirst() {
    Stage stage =
        stage("2025-06-01T00:10:00Z")
            .file(
                "a",
                "jobs:\n  b: {command: verify, every: 1h}\n  a: {command: verify, cron: 50 * * * *}\n");
    stage.time.at("2025-06-01T00:20:00Z", () -> stage.time.leap(Duration.ofMinutes(45)));

    stage.serve("2025-06-01T01:30:00Z");

    assertThat(stage.ran).containsExactly("a 2025-06-01T01:05:00Z", "b 2025-06-01T01:05:00Z");
  }

  @Test
  void readsSecretsOfFilesAnewForEachRun() {
    Stage stage =
        stage("2025-06-01T00:10:00Z")
            .file(
                "a",
                HOURLY
                    + """
                    notify:
                      - on: finish
                        webhook: https://example.com/
                        headers: {Authorization: "${file:token}"}
                    """);
    stage.write("token", "one");
    stage.time.at("2025-06-01T01:30:00Z", () -> stage.write("token", "two"));

    stage.serve("2025-06-01T02:30:00Z");

    assertThat(stage.notices)
        .extracting(each -> ((Notice.Webhook) each.target()).headers().get("Authorization"))
        .containsExactly("one", "two");
    assertThat(stage.events("reloaded")).isEmpty();
  }

  @Test
  void remembersNothingOfADamagedFileAndSaysSo() {
    Stage stage = stage("2025-06-01T00:10:00Z").file("a", HOURLY);
    stage.serve("2025-06-01T01:30:00Z");
    stage.ran.clear();
    stage.write("a-state/serve.json", "{\"version\": 1, \"items\": {\"a\": nu");

    stage.serve("2025-06-01T02:30:00Z");

    assertThat(stage.ran).containsExactly("a 2025-06-01T02:00:00Z");
    assertThat(stage.log().toString()).contains("what was missed is not known");
  }

  @Test
  void goesOnAfterItDiedInARunButNotForEver() {
    List<String> begun = new ArrayList<>();
    Stage stage =
        stage("2025-06-01T23:00:00Z").file("a", "jobs:\n  a: {command: verify, every: 1d}\n");
    stage.grace = Duration.ZERO;
    stage.executor = work -> begun.add(stage.time.instant().toString()); // it dies there

    for (int hour = 1; hour < 9; hour++) {
      stage.serve("2025-06-02T0%d:00:00Z".formatted(hour));
    }

    assertThat(begun)
        .containsExactly("2025-06-02T00:00:00Z", "2025-06-02T01:00:00Z", "2025-06-02T02:00:00Z");
  }
}
