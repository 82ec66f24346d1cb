package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import io.tideline.run.VerifyReport;
import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A machine's locale with digits or letters of its own leaves no trace. */
class LocaleTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"SQLITE, ar, EG", "POSTGRESQL, ar, EG", "SQLITE, tr, TR", "POSTGRESQL, tr, TR"})
  void anotherLocaleGoesOnWhereOneWasKilled(Product product, String language, String country)
      throws IOException {
    try (Events events = new Events(product, folder)) {
      assertThat(
              forked(ForkedRun.run(events.settings()), language, country)
                  .killedAt(Step.BATCH_COMMITTED, 1)
                  .start()
                  .killed())
          .isTrue();
      assertThat(names()).contains("0001.manifest.json", "0001-events.parquet");
      assertThat(events.run().resumed()).isEqualTo(1);
      assertThat(events.live()).hasSize(Events.ALL - Events.EXPIRED);

      ForkedRun.Result restored =
          forked(ForkedRun.restore(events.settings()), language, country).start();
      assertThat(restored.exit()).as(restored.output()).isZero();
      assertThat(events.live()).hasSize(Events.ALL);
      try (Tideline tideline = Tideline.open(events.settings(), new SettableClock(Events.NOW))) {
        VerifyReport verified = tideline.verify(Optional.empty(), RunListener.NONE);
        assertThat(verified.problems()).isEmpty();
        assertThat(verified.rows()).isEqualTo(Events.EXPIRED);
        assertThat(tideline.restore(RestoreRequest.everything(), RunListener.NONE).tables())
            .isEmpty();
      }
      assertThat(names()).allMatch(name -> name.chars().allMatch(c -> c < 128));
    }
  }

  private static ForkedRun forked(ForkedRun run, String language, String country) {
    return run.at(Events.NOW)
        .option("-Duser.language=" + language)
        .option("-Duser.country=" + country);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("archive"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
