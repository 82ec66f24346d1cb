package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.core.archive.SegmentFile;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Action;
import io.tideline.run.RecordHead;
import io.tideline.run.RecordReport;
import io.tideline.run.RunListener;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever somebody does to the record or to what it tells of, a check names the place. */
class ForgedRecordTest {
  @TempDir Path folder;
  private Events events;
  private RecordHead head;

  /** Seven lines: two manifests, and a chunk without a copy. */
  @BeforeEach
  void run() {
    events = new Events(Product.SQLITE, folder);
    events.run();
    again();
    events.database.execute(
        "INSERT INTO events VALUES (101, 'acc-1', '2026-01-01 00:00:00', 'late')");
    events.run(events.settings(events.policy().action(Action.DELETE).build()), RunListener.NONE);
    head = events.checked(Optional.empty()).head().orElseThrow();
    assertThat(head.number()).isEqualTo(7);
  }

  private void again() {
    events.database.execute(
        "INSERT INTO events VALUES (99, 'acc-1', '2026-01-01 00:00:00', 'late')");
    events.run();
  }

  @AfterEach
  void close() {
    events.close();
  }

  private void rewrite(UnaryOperator<List<String>> change) throws IOException {
    List<String> lines = change.apply(new ArrayList<>(Files.readAllLines(events.record())));
    Files.writeString(
        events.record(), lines.stream().map(line -> line + "\n").reduce("", String::concat));
  }

  private static List<String> edited(List<String> lines, int number) {
    lines.set(number - 1, lines.get(number - 1).replaceFirst("\"(rows|most|line)\":", "\"$1\":1"));
    return lines;
  }

  /** Writes the digests anew, as somebody would who knows how. */
  private static List<String> chained(List<String> lines) {
    String previous = "0".repeat(64);
    for (int i = 0; i < lines.size(); i++) {
      String line =
          lines
              .get(i)
              .replaceFirst("\"number\":\\d+", "\"number\":" + (i + 1))
              .replaceFirst("\"previous\":\"[0-9a-f]{64}\"", "\"previous\":\"" + previous + "\"");
      lines.set(i, line);
      previous =
          HexFormat.of()
              .formatHex(
                  SegmentFile.sha256().digest((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }
    return lines;
  }

  private void isFound(String... words) {
    RecordReport report = events.checked(Optional.empty());
    assertThat(report.problems()).isNotEmpty();
    assertThat(report.problems().get(0)).contains(words);
  }

  private void stopsRuns() {
    assertThatThrownBy(events::run)
        .isInstanceOfSatisfying(
            TidelineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_CORRUPT));
  }

  @Test
  void anEditedLine() throws IOException {
    rewrite(lines -> edited(lines, 2));
    isFound("line 2 is not what was written there, or line 3 is not");
    stopsRuns();
  }

  @Test
  void aRemovedLine() throws IOException {
    rewrite(
        lines -> {
          lines.remove(3);
          return lines;
        });
    isFound("after line 3 comes line 5; what was between is missing");
    stopsRuns();
  }

  @Test
  void linesInAnotherOrder() throws IOException {
    rewrite(
        lines -> {
          Collections.swap(lines, 3, 4);
          return lines;
        });
    isFound("after line 3 comes line 5");
  }

  @Test
  void theFirstLinesCutOff() throws IOException {
    rewrite(lines -> lines.subList(2, lines.size()));
    isFound("it begins with line 3, and what was before is missing");
  }

  @Test
  void theLastLinesCutOff() throws IOException {
    rewrite(lines -> lines.subList(0, 6));
    isFound("line 7 is missing, which the report of ", " notes; it has the lines 1 to 6");
    stopsRuns();
  }

  @Test
  void theLastLineEdited() throws IOException {
    rewrite(lines -> edited(lines, 7));
    isFound("line 7 or one before it is not what was written there, for the report of ");
    stopsRuns();
  }

  @Test
  void aWholeChainWrittenAnew() throws IOException {
    rewrite(lines -> chained(edited(lines, 2)));
    isFound("line 3 or one before it is not what was written there, for the manifest ");
    stopsRuns();
  }

  @Test
  void aWholeChainWrittenAnewWithoutALine() throws IOException {
    rewrite(
        lines -> {
          lines.remove(4);
          return chained(lines);
        });
    isFound("Cannot trust " + events.record() + ": line ", " note");
    stopsRuns();
  }

  @Test
  void evenWhatNothingInTheArchiveNotesIsFoundByANotedHead() throws IOException {
    try (Stream<Path> files = Files.walk(events.settings().archive().resolve("runs"))) {
      for (Path file : files.filter(each -> each.endsWith("report.json")).toList()) {
        Files.delete(file);
      }
    }
    rewrite(lines -> chained(edited(lines, 6)));
    assertThat(events.checked(Optional.empty()).problems()).isEmpty();
    assertThat(events.checked(Optional.of(head)).problems())
        .singleElement()
        .asString()
        .contains("line 7 or one before it is not what was written there, for --head notes");
    assertThat(events.checked(Optional.of(new RecordHead(9, "0".repeat(64)))).problems())
        .singleElement()
        .asString()
        .contains("line 9 is missing, which --head notes");
  }

  @Test
  void anotherArchivesRecord() throws IOException {
    try (Events other = new Events(Product.SQLITE, folder.resolve("other"))) {
      other.run();
      Files.write(events.record(), Files.readAllBytes(other.record()));
    }
    assertThat(events.checked(Optional.empty()).problems())
        .anySatisfy(each -> assertThat(each).contains("it is the record of the archive "));
    stopsRuns();
  }

  private Path file(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(events.settings().archive().resolve("runs"))) {
      return files.filter(each -> each.toString().endsWith(ending)).sorted().findFirst().get();
    }
  }

  @Test
  void anEditedOutcome() throws IOException {
    Path outcome = file(".outcome.json");
    Files.writeString(
        outcome, Files.readString(outcome).replace("\"gone\": \"\"", "\"gone\": \"3\""));
    isFound(outcome.toString(), " of the record tells another SHA-256 of it");
  }

  @Test
  void anOutcomeTakenAway() throws IOException {
    Path outcome = file(".outcome.json");
    Files.delete(outcome);
    isFound("Cannot find " + outcome + ", of which line ");
  }

  @Test
  void anEditedManifest() throws IOException {
    Path manifest = file(".manifest.json");
    Files.writeString(manifest, Files.readString(manifest) + " ");
    isFound(manifest.toString(), " of the record tells another SHA-256 of it");
  }

  @Test
  void aRunTakenAwayWithAllItHeldIsAcceptedByRecover() throws IOException {
    Path run = file(".manifest.json").getParent();
    try (Stream<Path> files = Files.list(run)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(run);
    RecordReport report = events.checked(Optional.empty());
    assertThat(report.problems()).hasSize(2);

    try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
      assertThat(tideline.recover().record()).hasSize(2);
    }
    assertThat(events.checked(Optional.empty()).problems()).isEmpty();
    assertThat(events.recorded()).hasSize(9).endsWith("lost", "lost");
    again();
    assertThat(events.checked(Optional.of(head)).problems()).isEmpty();
  }

  @Test
  void recoverSetsADamagedRecordAsideAndBeginsAnother() throws IOException {
    rewrite(lines -> edited(lines, 2));
    try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
      assertThat(tideline.recover().record()).isNotEmpty();
    }
    assertThat(events.recorded()).containsExactly("begun", "sealed", "closed", "sealed", "closed");
    assertThat(events.checked(Optional.empty()).problems()).isEmpty();
    try (Stream<Path> files = Files.list(events.settings().archive())) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .anyMatch(name -> name.matches("record-lost-[0-9a-f]{12}\\.jsonl"));
    }
    again();
    assertThat(events.checked(Optional.empty()).head().orElseThrow().number()).isEqualTo(14);
    assertThat(events.checked(Optional.of(head)).problems())
        .singleElement()
        .asString()
        .endsWith("line 7 is missing, which --head notes; it has the lines 8 to 14.");
  }

  @Test
  void aManifestWithoutALine() throws IOException {
    rewrite(lines -> chained(new ArrayList<>(lines.subList(0, 3))));
    RecordReport report = events.checked(Optional.empty());
    assertThat(report.problems())
        .anySatisfy(
            each -> assertThat(each).contains("no line tells of ").contains("0001.manifest.json"));
  }
}
