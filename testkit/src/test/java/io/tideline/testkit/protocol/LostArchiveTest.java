package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import io.tideline.policy.Settings;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The folder of the archive is not mounted, or lost. */
class LostArchiveTest {
  @TempDir Path folder;

  @Test
  void nothingGoesUntilItIsBackOrForgotten() throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      Path archive = folder.resolve("archive");
      Settings settings =
          new Settings(
              new DatabaseUrl(events.database.url()),
              archive,
              folder.resolve("state"),
              Optional.empty(),
              Pace.OFFLINE,
              List.of(events.policy().build()),
              List.of());
      events.run(settings, RunListener.NONE);
      Files.move(archive, folder.resolve("elsewhere"));

      assertThatThrownBy(() -> events.run(settings, RunListener.NONE))
          .hasMessageContaining("where earlier runs wrote to it");
      try (Tideline tideline = Tideline.open(settings)) {
        assertThatThrownBy(() -> tideline.verify(Optional.empty(), RunListener.NONE))
            .hasMessageContaining("tideline recover");
        assertThat(archive).doesNotExist();
        Files.move(folder.resolve("elsewhere"), archive);
        assertThat(tideline.verify(Optional.empty(), RunListener.NONE).rows()).isEqualTo(30);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"LEASED", "SEGMENT_OPENED", "SEALED"})
  void aRunDoesNotMakeItAnewWhenItGoesAway(Step step) throws IOException {
    try (Events events = new Events(Product.SQLITE, folder)) {
      Path archive = folder.resolve("archive");
      Path elsewhere = folder.resolve("elsewhere");
      Settings settings =
          new Settings(
              new DatabaseUrl(events.database.url()),
              archive,
              folder.resolve("state"),
              Optional.empty(),
              Pace.OFFLINE,
              List.of(events.policy().build()),
              List.of());
      FailingAt leaving = FailingAt.doing(step, 1, () -> move(archive, elsewhere));
      try {
        RunReport report = events.run(settings, leaving);
        assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.STOPPED);
      } catch (TidelineException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_WRITE_FAILED);
      }
      assertThat(leaving.happened()).isTrue();
      assertThat(archive.resolve("runs")).doesNotExist();
      assertThat(events.live()).hasSize(40);

      Files.deleteIfExists(archive);
      move(elsewhere, archive);
      events.run(settings, RunListener.NONE);
      assertThat(events.live()).hasSize(10);
      try (Tideline tideline = Tideline.open(settings)) {
        assertThat(tideline.verify(Optional.empty(), RunListener.NONE).problems()).isEmpty();
      }
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
