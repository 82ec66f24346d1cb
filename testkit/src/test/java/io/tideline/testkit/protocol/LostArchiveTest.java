package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.policy.Pace;
import io.tideline.policy.Settings;
import io.tideline.run.RunListener;
import io.tideline.testkit.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
