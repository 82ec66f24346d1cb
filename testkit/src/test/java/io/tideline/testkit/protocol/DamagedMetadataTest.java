package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.run.RunListener;
import io.tideline.run.Status;
import io.tideline.run.VerifyReport;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON files of the archive that are whole JSON and not what was written. */
class DamagedMetadataTest {
  @TempDir Path folder;

  private Path only(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("archive"))) {
      List<Path> found = files.filter(file -> file.toString().endsWith(ending)).toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }

  private static Tideline open(Events events) {
    return Tideline.open(events.settings(), new SettableClock(Events.NOW));
  }

  private static VerifyReport verify(Events events) {
    try (Tideline tideline = open(events)) {
      return tideline.verify(Optional.empty(), RunListener.NONE);
    }
  }

  private static Status status(Events events) {
    try (Tideline tideline = open(events)) {
      return tideline.status();
    }
  }

  private static void isCorrupt(Throwable thrown, String file) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_CORRUPT))
        .hasMessageContaining(file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "0001.outcome.json  | {\"version\":1,\"segments\":[]} | 'run' is missing",
        "0001.manifest.json | {\"version\":1,\"segments\":[]} | 'archive' is missing",
        "report.json        | {}                              | 'run' is missing",
        "0001.manifest.json | []                              | it is not what Tideline wrote"
      })
  void aPartIsMissing(String ending, String content, String why) throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run();
      Path file = only(ending);
      Files.writeString(file, content);

      assertThat(verify(events).problems())
          .anySatisfy(each -> assertThat(each).contains(file.toString()).contains(why));
      if (!ending.equals("report.json")) { // of which the ledger has a copy
        assertThatThrownBy(() -> status(events)).satisfies(e -> isCorrupt(e, file.toString()));
        assertThatThrownBy(events::run).satisfies(e -> isCorrupt(e, file.toString()));
      }
    }
  }

  @Test
  void theIdentityLacksAPart() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run();
      Path file = only("archive.json");
      Files.writeString(file, "{}");
      assertThatThrownBy(() -> verify(events)).satisfies(e -> isCorrupt(e, file.toString()));
      assertThatThrownBy(() -> status(events)).satisfies(e -> isCorrupt(e, file.toString()));
      assertThatThrownBy(events::run).satisfies(e -> isCorrupt(e, file.toString()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"gone\": \"\"    | \"gone\": \"29-30\" | it tells of row 30, the segment has the rows 0 to 29",
        "\"segments\": [   | \"segments\": [], \"x\": [ | it tells of 0 segments, the manifest has 1"
      })
  void anOutcomeTellsOfOtherRows(String from, String to, String why) throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run();
      Path file = only("outcome.json");
      String json = Files.readString(file);
      assertThat(json).contains(from);
      Files.writeString(file, json.replace(from, to));

      assertThat(verify(events).problems())
          .singleElement()
          .asString()
          .contains(file.toString())
          .contains(why);
      assertThatThrownBy(() -> status(events)).satisfies(e -> isCorrupt(e, file.toString()));
    }
  }

  @Test
  void aManifestNamesNoSegment() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run();
      Path file = only("manifest.json");
      String json = Files.readString(file);
      Files.writeString(
          file, json.replace("\"segments\": [", "\"segments\": [], \"detached\": [], \"x\": ["));
      assertThat(verify(events).problems())
          .anySatisfy(each -> assertThat(each).contains(file + "").contains("names no segment"));
      assertThatThrownBy(events::run).satisfies(e -> isCorrupt(e, file.toString()));
    }
  }

  @Test
  void holdsAndIntentsAreRead() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run();
      Path holds = Files.writeString(folder.resolve("archive/holds.jsonl"), "{}\n");
      Path intent = only("report.json").resolveSibling("intent.json");
      Files.writeString(intent, "{}");
      assertThat(verify(events).problems())
          .hasSize(2)
          .anySatisfy(each -> assertThat(each).contains(holds.toString()))
          .anySatisfy(each -> assertThat(each).contains(intent.toString()));
    }
  }

  @Test
  void statusSaysThatAFileIsMissing() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run();
      assertThat(status(events).warnings()).isEmpty();
      Path segment = only(".parquet");
      Files.delete(segment);
      assertThat(status(events).warnings())
          .containsExactly("The file " + segment + " is missing. Bring it back from a copy.");
      Files.writeString(segment, "short");
      assertThat(status(events).warnings())
          .containsExactly("The file " + segment + " has another length than was sealed.");
    }
  }
}
