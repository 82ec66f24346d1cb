package io.tideline.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.cli.Main;
import io.tideline.cli.Terminal;
import io.tideline.config.ConfigFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page on serving says is so: events, metrics, the unit's and the container's command. */
final class ServeIsDocumentedTest {
  private static final Path SOURCES = Path.of("src/main/java/io/tideline/cli/serve");

  @TempDir Path folder;

  private static String page() throws IOException {
    return Files.readString(Path.of("../docs/serve.md"));
  }

  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page());
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  @Test
  void everyEventStandsThere() throws IOException {
    TreeSet<String> events = new TreeSet<>();
    Pattern told = Pattern.compile("(?:info|warn|error|loaded)\\(\"([a-z-]+)\"");
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        told.matcher(Files.readString(file)).results().forEach(each -> events.add(each.group(1)));
      }
    }

    assertThat(events).hasSizeGreaterThan(20);
    for (String event : events) {
      assertThat(page()).contains("`" + event + "`");
    }
  }

  @Test
  void everyMetricStandsThere() throws IOException {
    Stage stage =
        new Stage(folder, "2025-06-01T00:10:00Z")
            .file("db", "jobs:\n  a: {command: verify, every: 1h}\n");
    String text = Metrics.text(stage.serve("2025-06-01T01:30:00Z").picture());
    String page = page();

    List<String> names =
        text.lines()
            .filter(line -> line.startsWith("# TYPE"))
            .map(line -> line.split(" ")[2])
            .toList();
    assertThat(names).hasSizeGreaterThan(12);
    for (String name : names) {
      assertThat(page).contains("`" + name + "`");
    }
  }

  @Test
  void theConfigurationIsRead() throws IOException {
    Path file = folder.resolve("tideline.yaml");
    Files.writeString(file, block("yaml"));

    assertThat(ConfigFile.load(file, Map.of()).timetable().isEmpty()).isFalse();
  }

  @Test
  void theUnitsAndTheContainersCommandAreTaken() throws IOException {
    Matcher unit =
        Pattern.compile("(?m)^ExecStart=/opt/tideline/tideline (.+)$").matcher(block("ini"));
    assertThat(unit.find()).isTrue();
    taken(List.of(unit.group(1).split(" ")));
    Matcher container = Pattern.compile("(?m)^CMD \\[(.+)\\]$").matcher(block("dockerfile"));
    assertThat(container.find()).isTrue();
    taken(Stream.of(container.group(1).split(", ")).map(each -> each.replace("\"", "")).toList());
  }

  /** It comes as far as the folder, which is not there. */
  private void taken(List<String> words) {
    List<String> args = new ArrayList<>(words);
    int place = args.indexOf("/etc/tideline");
    assertThat(place).isPositive();
    args.set(place, folder.resolve("nowhere").toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(), stream, stream, false, false, false, Map.of(), folder);

    Main.run(args.toArray(String[]::new), terminal);

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Cannot read the configuration", "it does not exist");
  }

  @Test
  void theUnitWaitsLongerThanTheGrace() throws IOException {
    assertThat(block("ini")).contains("TimeoutStopSec=90s");
    assertThat(page()).contains("| `--grace TIME` | `60s` |");
  }
}
