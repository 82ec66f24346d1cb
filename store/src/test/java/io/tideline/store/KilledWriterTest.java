package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is killed loses no more rows than its writer says that it may. */
final class KilledWriterTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {700, 5_000})
  void losesAtMostWhatIsAtRisk(int after) throws Exception {
    int mostAtRisk = 200;
    TestDatabase test = Kind.SQLITE.fresh(folder);
    test.execute("CREATE TABLE logs (id INTEGER PRIMARY KEY)");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriterMain.class.getName(),
                test.url().substring("jdbc:sqlite:".length()),
                String.valueOf(mostAtRisk))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long accepted = 0;
    try (BufferedReader told =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = told.readLine(); line != null; line = told.readLine()) {
        if (line.matches("\\d+") && line.length() <= 18) {
          accepted = whole(line, accepted);
        }
        if (accepted >= after) {
          // By its handle: the process itself would close the stream that is read.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
    }
    assertThat(accepted).isGreaterThanOrEqualTo(after);
    assertThat(test.count("SELECT count(*) FROM logs"))
        .isGreaterThanOrEqualTo(accepted - mostAtRisk);
    assertThat(test.count("SELECT max(id) - count(*) FROM logs")).as("no gaps").isZero();
  }

  /** The last line of a killed process may be cut: it then is no successor. */
  private static long whole(String line, long before) {
    long told = Long.parseLong(line);
    return told == before + 1 ? told : before;
  }
}
