package io.tideline.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.cli.Main;
import io.tideline.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of the demonstration is what the demonstration prints. */
final class ReadmeTest {
  @TempDir Path folder;

  @Test
  void theDemonstrationPrintsWhatTheReadmeShows() throws IOException {
    String readme = Files.readString(root().resolve("README.md"));
    assertThat(readme.indexOf("```sh\n./tideline demo\n```"))
        .isPositive()
        .isLessThan(readme.indexOf("```sh\n./mvnw verify\n```"));
    int from = readme.indexOf("```text\n") + "```text\n".length();
    List<String> shown = readme.substring(from, readme.indexOf("```", from)).lines().toList();

    List<String> printed =
        demonstration(folder.resolve("demo")).lines().map(ReadmeTest::shape).toList();

    assertThat(shown).isNotEmpty();
    for (String line : shown) {
      assertThat(printed).as(line).contains(shape(line));
    }
  }

  /** A line without its figures and its padding: times and sizes are others each day. */
  private static String shape(String line) {
    return line.replaceAll("\\d{8}T\\d{9}Z-[0-9a-f]{6}", "RUN")
        .replaceAll("\\d[\\d,.:-]*", "0")
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static String demonstration(Path folder) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            stream,
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            false,
            false,
            false,
            Map.of(),
            folder.getParent());
    int exit = Main.run(new String[] {"demo", folder.toString()}, terminal);
    assertThat(exit).as(out.toString(StandardCharsets.UTF_8)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("mvnw"))) {
      at = at.getParent();
    }
    return at;
  }
}
