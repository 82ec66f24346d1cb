package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of the archive that vanish as a whole, which nothing in the archive can tell. */
class LostRunTest {
  @TempDir Path folder;

  private Settings settings(Events events) {
    return new Settings(
        new DatabaseUrl(events.database.url()),
        folder.resolve("archive"),
        folder.resolve("state"),
        Optional.empty(),
        Pace.OFFLINE,
        List.of(events.policy().build()),
        List.of());
  }

  private static Tideline open(Settings settings) {
    return Tideline.open(settings, new SettableClock(Events.NOW));
  }

  private static List<String> problems(Settings settings) {
    try (Tideline tideline = open(settings)) {
      return tideline.verify(Optional.empty(), RunListener.NONE).problems();
    }
  }

  private static List<String> warnings(Settings settings) {
    try (Tideline tideline = open(settings)) {
      return tideline.status().warnings();
    }
  }

  private static void recover(Settings settings) {
    try (Tideline tideline = open(settings)) {
      tideline.recover();
    }
  }

  private static RunListener notes(List<String> notes) {
    return event -> {
      if (event instanceof RunEvent.Noted noted) {
        notes.add(noted.message());
      }
    };
  }

  private Path theRun() {
    try (Stream<Path> runs = Files.list(folder.resolve("archive/runs"))) {
      List<Path> all = runs.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatTheLedgerKnewIsMissedUntilItsLossIsAccepted() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      Settings settings = settings(events);
      events.run(settings, RunListener.NONE);
      Path run = theRun();
      assertThat(problems(settings)).isEmpty();
      Files.move(run, folder.resolve("elsewhere"));

      String missing =
          "The manifest "
              + run.getFileName()
              + "/0001 of 30 rows was sealed, and is missing from the archive.";
      assertThat(problems(settings)).singleElement().asString().startsWith(missing);
      assertThat(warnings(settings)).singleElement().asString().startsWith(missing);
      for (int i = 0; i < 2; i++) {
        List<String> notes = new ArrayList<>();
        assertThat(events.run(settings, notes(notes)).exit()).isEqualTo(ExitCode.DONE);
        assertThat(notes).singleElement().asString().startsWith(missing);
      }

      Files.move(folder.resolve("elsewhere"), run);
      assertThat(problems(settings)).isEmpty();
      Files.move(run, folder.resolve("elsewhere"));
      recover(settings);
      assertThat(problems(settings)).isEmpty();
      assertThat(warnings(settings)).isEmpty();
    }
  }

  @Test
  void aManifestOfAKilledRunIsKnownToo() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      Settings settings = settings(events);
      assertThatThrownBy(() -> events.run(settings, new FailingAt(Step.BATCH_COMMITTED, 1)))
          .isInstanceOf(FailingAt.Failure.class);
      Files.move(theRun(), folder.resolve("elsewhere"));
      assertThat(problems(settings)).singleElement().asString().contains("is missing");
    }
  }

  @Test
  void aManifestThatWasReplacedIsNotTrusted() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      Settings settings = settings(events);
      events.run(settings, RunListener.NONE);
      Path manifest = theRun().resolve("0001.manifest.json");
      Files.writeString(manifest, Files.readString(manifest).replace("\"old\"", "\"new\""));
      assertThat(problems(settings)).singleElement().asString().contains("its SHA-256 differs");
    }
  }

  @Test
  void nobodyClaimsAnArchiveWithoutIdentity() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder);
        Events other = new Events(Product.SQLITE, folder.resolve("other"))) {
      Settings settings = settings(events);
      events.run(settings, RunListener.NONE);
      Path identity = folder.resolve("archive/archive.json");
      String before = Files.readString(identity);
      Files.delete(identity);
      Settings foreign =
          Settings.of(other.database.url(), settings.archive(), List.of(other.policy().build()));

      for (Settings each : List.of(settings, foreign)) {
        assertThatThrownBy(() -> other.run(each, RunListener.NONE))
            .isInstanceOfSatisfying(
                TidelineException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_CORRUPT))
            .hasMessageContaining("archive.json is missing, and runs wrote to it")
            .hasMessageContaining("tideline recover");
        assertThatThrownBy(() -> problems(each)).hasMessageContaining("archive.json is missing");
      }
      assertThat(identity).doesNotExist();
      assertThat(other.live()).hasSize(Events.ALL);

      recover(foreign);
      String after = Files.readString(identity);
      assertThat(after.lines().filter(line -> !line.contains("createdAt")).toList())
          .isEqualTo(before.lines().filter(line -> !line.contains("createdAt")).toList());
      assertThatThrownBy(() -> other.run(foreign, RunListener.NONE))
          .hasMessageContaining("it belongs to another database");
      assertThat(problems(settings)).isEmpty();
    }
  }

  @Test
  void manifestsThatDisagreeDoNotTellWhoseItIs() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      Settings settings = settings(events);
      events.run(settings, RunListener.NONE);
      Path manifest = theRun().resolve("0001.manifest.json");
      Files.writeString(
          manifest.resolveSibling("0002.manifest.json"),
          Files.readString(manifest)
              .replace("\"number\": 1", "\"number\": 2")
              .replace("\"dialect\": \"sqlite\"", "\"dialect\": \"another\""));
      Path identity = folder.resolve("archive/archive.json");
      Files.delete(identity);
      assertThatThrownBy(() -> recover(settings))
          .hasMessageContaining("its manifests name 2 archives or databases");
      assertThat(identity).doesNotExist();
    }
  }

  @Test
  void aCopyOfTheDatabaseIsTold() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      Settings settings = settings(events);
      events.run(settings, RunListener.NONE);
      Path here = Path.of(events.database.url().substring("sqlite:".length()));
      Path there = Files.createDirectory(folder.resolve("there")).resolve(here.getFileName());
      for (String end : List.of("", "-wal", ".tideline")) {
        Path file = here.resolveSibling(here.getFileName() + end);
        if (Files.exists(file)) {
          Files.copy(file, there.resolveSibling(there.getFileName() + end));
        }
      }
      Settings copy =
          Settings.of("sqlite:" + there, settings.archive(), settings.policies())
              .withPace(Pace.OFFLINE);
      assertThat(warnings(settings)).isEmpty();
      assertThat(warnings(copy))
          .singleElement()
          .asString()
          .contains("This database stands at " + there.toRealPath())
          .contains("the archive was made for it at " + here.toRealPath())
          .contains("--adopt");

      List<String> notes = new ArrayList<>();
      try (Tideline tideline = open(copy)) {
        tideline.run(tideline.plan(Selection.all(), notes(notes)), notes(notes));
      }
      assertThat(notes).singleElement().asString().contains("If it is a copy");

      notes.clear();
      try (Tideline tideline = open(copy)) {
        tideline.adoptWhenWriting();
        tideline.run(tideline.plan(Selection.all(), notes(notes)), notes(notes));
      }
      assertThat(notes).isEmpty();
      assertThat(warnings(copy)).isEmpty();
    }
  }
}
