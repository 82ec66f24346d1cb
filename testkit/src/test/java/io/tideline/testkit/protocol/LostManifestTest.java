package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import io.tideline.run.VerifyReport;
import io.tideline.testkit.FailingAt;
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
import org.junit.jupiter.params.provider.ValueSource;

/** A segment that has its name may hold the only copy of rows, whatever became of its manifest. */
class LostManifestTest {
  @TempDir Path folder;

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("archive/runs"))) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private Path only(String ending) throws IOException {
    List<Path> found = files(ending);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static VerifyReport verify(Events events) {
    try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
      return tideline.verify(Optional.empty(), RunListener.NONE);
    }
  }

  private static void killed(Events events, Step step) {
    assertThatThrownBy(() -> events.run(new FailingAt(step, 1)))
        .isInstanceOf(FailingAt.Failure.class);
  }

  @Test
  void aRunNeverRemovesTheSegmentOfAKilledRun() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      killed(events, Step.BATCH_COMMITTED);
      assertThat(events.live()).hasSizeLessThan(Events.ALL);
      Path manifest = only(".manifest.json");
      Path segment = only(".parquet");
      byte[] bytes = Files.readAllBytes(manifest);
      Files.delete(manifest);

      assertThatThrownBy(events::run)
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_CORRUPT))
          .hasMessageContaining("0001 is missing, but 0001-events.parquet is there.")
          .hasMessageContaining("they may hold the only copy of rows");
      assertThat(segment).exists();
      assertThat(verify(events).problems())
          .anySatisfy(
              each ->
                  assertThat(each).contains("0001 is missing, but 0001-events.parquet is there."));

      Files.write(manifest, bytes);
      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(verify(events).problems()).isEmpty();
      assertThat(events.view(false)).hasSize(Events.EXPIRED);
    }
  }

  @Test
  void noRunRemovesItAfterItWasResumedEither() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      killed(events, Step.BATCH_COMMITTED);
      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);
      Files.delete(only(".manifest.json"));
      Files.delete(only(".outcome.json"));

      assertThatThrownBy(events::run).hasMessageContaining("but 0001-events.parquet is there.");
      assertThat(only(".parquet")).exists();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SEGMENT_OPENED", "SEGMENT_SYNCED", "SEGMENT_VERIFIED"})
  void aSegmentHasNoNameBeforeItsManifestIsWritten(Step step) throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      killed(events, step);
      assertThat(files(".parquet")).isEmpty();
      assertThat(only(".parquet.tmp")).exists();
      assertThat(verify(events).problems()).isEmpty();

      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(files(".tmp")).isEmpty();
      assertThat(only(".parquet")).exists();
      assertThat(events.view(false)).hasSize(Events.EXPIRED);
    }
  }

  @Test
  void theNextRunFinishesAManifestOfNamedSegments() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      killed(events, Step.MANIFEST_WRITTEN);
      Path segment = only(".parquet");
      assertThat(only(".manifest.json.tmp")).exists();
      assertThat(verify(events).problems()).isEmpty();

      assertThat(events.run().resumed()).isEqualTo(1);
      assertThat(files(".tmp")).isEmpty();
      assertThat(only(".parquet")).isEqualTo(segment);
      assertThat(verify(events).problems()).isEmpty();
      assertThat(events.view(false)).hasSize(Events.EXPIRED);
    }
  }

  @Test
  void aManifestIsFinishedThatWasWrittenBeforeTheLastSegmentGotItsName() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      killed(events, Step.MANIFEST_WRITTEN);
      Path segment = only(".parquet");
      Files.move(segment, segment.resolveSibling(segment.getFileName() + ".tmp"));

      assertThat(events.run().exit()).isEqualTo(ExitCode.DONE);
      assertThat(files(".tmp")).isEmpty();
      assertThat(events.view(false)).hasSize(Events.EXPIRED);
      assertThat(verify(events).rows()).isEqualTo(Events.EXPIRED);
    }
  }
}
