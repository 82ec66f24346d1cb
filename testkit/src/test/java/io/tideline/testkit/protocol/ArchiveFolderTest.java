package io.tideline.testkit.protocol;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.core.archive.Storage;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import io.tideline.policy.Settings;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.run.VerifyReport;
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

/** Files of the archive that are missing, left over, or cannot be written. */
class ArchiveFolderTest {
  @TempDir Path folder;

  private static VerifyReport verify(Events events) {
    try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
      return tideline.verify(Optional.empty(), RunListener.NONE);
    }
  }

  private Path only(String ending) {
    try (Stream<Path> files = Files.walk(folder.resolve("archive/runs"))) {
      List<Path> found = files.filter(file -> file.toString().endsWith(ending)).toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aSegmentOutlivesTheLossOfItsManifest() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.run();
      Path manifest = only(".manifest.json");
      Path segment = only(".parquet");
      byte[] bytes = Files.readAllBytes(manifest);
      Files.delete(manifest);

      assertThatThrownBy(events::run)
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_CORRUPT))
          .hasMessageContaining("0001 is missing, but 0001.outcome.json is there.");
      assertThat(verify(events).problems())
          .anySatisfy(each -> assertThat(each).contains("0001 is missing, but 0001.outcome.json"))
          .anySatisfy(
              each -> assertThat(each).contains("0001 is missing, but 0001-events.parquet"));

      Files.delete(only(".outcome.json"));
      assertThatThrownBy(events::run)
          .hasMessageContaining("0001 is missing, but 0001-events.parquet is there.");
      assertThat(segment).exists();

      Files.write(manifest, bytes);
      assertThat(verify(events).problems())
          .singleElement()
          .asString()
          .endsWith(
              "0001.outcome.json, of which line 3 of the record tells. The next run writes"
                  + " it again.");
    }
  }

  @Test
  void onlyWhatAKilledRunLeftIsTidiedAway() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      Path killed = folder.resolve("archive/runs/20260101T000000Z-killed");
      Files.createDirectories(killed);
      Path segment = Files.writeString(killed.resolve("0001-events.parquet.tmp"), "half");
      Path temporary = Files.writeString(killed.resolve("0001.manifest.json.tmp"), "{");
      Path note = Files.writeString(killed.resolve("read-me.txt"), "mine");
      assertThat(verify(events).problems()).isEmpty();

      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(segment).doesNotExist();
      assertThat(temporary).doesNotExist();
      assertThat(note).exists();
      assertThat(verify(events).problems()).isEmpty();
    }
  }

  @Test
  void everyFolderIsMadeDurableBeforeWhatItHolds() throws IOException {
    List<Path> synced = new ArrayList<>();
    Storage storage =
        new Storage() {
          @Override
          public void syncFolderOf(Path file) throws IOException {
            synced.add(file);
            super.syncFolderOf(file);
          }
        };
    Path deep = folder.resolve("a/b/c");
    storage.createFolder(deep);
    storage.createFolder(deep);

    assertThat(deep).isDirectory();
    assertThat(synced).containsExactly(folder.resolve("a"), folder.resolve("a/b"), deep);
  }

  @Test
  void aLedgerThatCannotBeWrittenIsOnlyNoted() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      Path state = Files.writeString(folder.resolve("state"), "a file is in the way");
      Settings plain = events.settings();
      Settings settings =
          new Settings(
              plain.database(),
              plain.archive(),
              state,
              Optional.empty(),
              Pace.OFFLINE,
              plain.policies(),
              List.of());
      List<String> notes = new ArrayList<>();
      RunReport report =
          events.run(
              settings,
              event -> {
                if (event instanceof RunEvent.Noted noted) {
                  notes.add(noted.message());
                }
              });

      assertThat(report.exit()).isEqualTo(ExitCode.DONE);
      assertThat(events.live()).hasSize(10);
      assertThat(notes)
          .anySatisfy(
              note -> assertThat(note).contains("The archive holds the report all the same"));
      try (Tideline tideline = Tideline.open(settings, new SettableClock(Events.NOW))) {
        assertThat(tideline.history()).hasSize(1);
      }
    }
  }

  @Test
  void aCopyOfTheDatabaseCannotWriteToTheArchiveMeanwhile() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      List<TidelineException> refused = new ArrayList<>();
      RunReport report =
          events.run(
              FailingAt.doing(
                  Step.SEGMENT_VERIFIED,
                  1,
                  () -> {
                    try {
                      events.run(copied(events), RunListener.NONE);
                    } catch (TidelineException e) {
                      refused.add(e);
                    }
                  }));

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(refused)
          .singleElement()
          .satisfies(
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.LEASE_HELD);
                assertThat(e.getMessage()).contains("another run or restore writes to it");
              });
      assertThat(verify(events).problems()).isEmpty();
    }
  }

  @Test
  void aCopyOfTheDatabaseDoesNotSettleWhatTheOtherLeftInDoubt() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      assertThatThrownBy(() -> events.run(new FailingAt(Step.BATCH_COMMITTED, 1)))
          .isInstanceOf(FailingAt.Failure.class);

      assertThatThrownBy(() -> events.run(copied(events), RunListener.NONE))
          .isInstanceOf(TidelineException.class)
          .hasMessageContaining("Cannot settle what is in doubt in this archive");
      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(events.view(false)).hasSize(Events.EXPIRED);
    }
  }

  /** The settings of a copy of the database that names the same archive. */
  private Settings copied(Events events) {
    Path from = Path.of(events.database.url().substring("sqlite:".length()));
    Path to = folder.resolve("copy-" + from.getFileName());
    try {
      for (String end : List.of("", "-wal", ".tideline")) {
        Path file = from.resolveSibling(from.getFileName() + end);
        if (Files.exists(file)) {
          Files.copy(file, to.resolveSibling(to.getFileName() + end), REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Settings own = events.settings();
    return Settings.of("sqlite:" + to, own.archive(), own.policies()).withPace(Pace.OFFLINE);
  }
}
