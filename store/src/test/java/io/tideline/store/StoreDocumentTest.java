package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What docs/store.md must hold. */
final class StoreDocumentTest {
  @TempDir Path folder;

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("mvnw"))) {
      at = at.getParent();
    }
    return at;
  }

  private static String document() throws IOException {
    return Files.readString(root().resolve("docs/store.md"));
  }

  @ParameterizedTest
  @EnumSource
  void everyReasonIsExplained(StoreException.Reason reason) throws IOException {
    assertThat(document()).contains("| `" + reason + "` | ");
  }

  @Test
  void everyExampleIsOneThatRuns() throws IOException {
    String source =
        Files.readString(
            root().resolve("store/src/test/java/io/tideline/store/StoreExampleTest.java"));
    List<String> regions =
        Pattern.compile("(?s)// tag::(\\w+)\\[\\]\\n(.*?)// end::\\1\\[\\]")
            .matcher(source)
            .results()
            .map(found -> found.group(2).stripIndent().strip())
            .toList();
    List<String> examples =
        Pattern.compile("(?s)```java\\n(.*?)```")
            .matcher(document())
            .results()
            .map((MatchResult found) -> found.group(1).strip())
            .toList();
    assertThat(examples).hasSizeGreaterThan(6).allSatisfy(it -> assertThat(regions).contains(it));
  }

  @Test
  void everyMeterIsExplained() throws IOException {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (Database database = Database.sqlite(folder.resolve("a.db")).meters(meters).open();
        BufferedWriter<String> writer =
            BufferedWriter.to(database, (session, rows) -> {}, (String row, StoreException e) -> {})
                .start()) {
      SnapshotCache.of("a", Duration.ofSeconds(1), () -> 1).meters(meters).make();
      assertThat(writer.atRisk().rows()).isZero();
      String document = document();
      List<String> ours =
          meters.getMeters().stream()
              .map((Meter meter) -> meter.getId().getName())
              .filter(name -> name.startsWith("tideline.") || name.startsWith("jdbc."))
              .toList();
      assertThat(ours)
          .hasSizeGreaterThan(10)
          .allSatisfy(name -> assertThat(document).contains("`" + name + "`"));
    }
  }
}
