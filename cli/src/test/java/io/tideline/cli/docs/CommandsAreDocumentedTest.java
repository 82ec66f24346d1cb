package io.tideline.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tideline.cli.Main;
import io.tideline.cli.Terminal;
import io.tideline.config.ConfigFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command, option, example and key of the configuration stands in the documents. */
final class CommandsAreDocumentedTest {
  private static final Pattern COMMAND = Pattern.compile("(?m)^  ([a-z]+)  ");
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]+");
  private static final Pattern TYPED = Pattern.compile("(?m)^(?:\\$ )?(?:\\./)?tideline (.+)$");

  /** What every command has, or nobody asks for. */
  private static final Set<String> USUAL = Set.of("--help", "--version");

  @TempDir static Path folder;

  private static final Map<List<String>, String> HELP = new HashMap<>();

  private static String help(List<String> command) {
    return HELP.computeIfAbsent(command, CommandsAreDocumentedTest::printed);
  }

  private static String printed(List<String> command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> args = new ArrayList<>(command);
    args.add("--help");
    int exit = run(args, out);
    assertThat(exit).as(args.toString()).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static int run(List<String> args, ByteArrayOutputStream out) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            stream,
            stream,
            false,
            false,
            false,
            Map.of(),
            folder);
    return Main.run(args.toArray(String[]::new), terminal);
  }

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("mvnw"))) {
      at = at.getParent();
    }
    return at;
  }

  private static String documents() {
    try (Stream<Path> docs = Files.walk(root().resolve("docs"))) {
      return Stream.concat(Stream.of(root().resolve("README.md")), docs)
          .filter(file -> file.toString().endsWith(".md"))
          .map(CommandsAreDocumentedTest::read)
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<List<String>> commands() {
    List<List<String>> all = new ArrayList<>();
    collect(List.of(), all);
    return all;
  }

  private static void collect(List<String> prefix, List<List<String>> all) {
    String help = help(prefix);
    int from = help.indexOf("\nCommands:\n");
    if (from < 0) {
      return;
    }
    Matcher command = COMMAND.matcher(help.substring(from, help.indexOf("\n\n", from + 1)));
    while (command.find()) {
      if (!command.group(1).equals("help")) {
        List<String> words = new ArrayList<>(prefix);
        words.add(command.group(1));
        all.add(words);
        collect(words, all);
      }
    }
  }

  @Test
  void everyCommandIsDocumented() {
    String documents = documents();
    List<List<String>> commands = commands();
    assertThat(commands).hasSizeGreaterThan(15);
    for (List<String> command : commands) {
      assertThat(documents).containsPattern("tideline\\s+" + String.join("\\s+", command) + "\\b");
    }
  }

  @Test
  void everyLongOptionIsDocumented() {
    String documents = documents();
    Set<String> options = new TreeSet<>();
    for (List<String> command : commands()) {
      OPTION.matcher(help(command)).results().forEach(found -> options.add(found.group()));
    }
    options.removeAll(USUAL);
    assertThat(options).isNotEmpty();
    for (String option : options) {
      assertThat(documents).containsPattern("(?<![a-z-])" + option + "(?![a-z-])");
    }
  }

  @Test
  void everyCommandTypedInTheDocumentsIsTaken() {
    Matcher typed = TYPED.matcher(documents());
    List<String> unknown = new ArrayList<>();
    while (typed.find()) {
      String line = typed.group(1).replaceAll("\\s+#.*$", "").replaceAll("\\s+> .*$", "");
      List<String> words = words(line);
      Set<String> options = new TreeSet<>();
      words.stream().filter(word -> word.startsWith("--")).forEach(options::add);
      List<String> command =
          commands().stream()
              .filter(each -> words.size() >= each.size())
              .filter(each -> words.subList(0, each.size()).equals(each))
              .reduce((one, longer) -> longer.size() >= one.size() ? longer : one)
              .orElse(List.of());
      if (command.isEmpty()) {
        unknown.add(line);
        continue;
      }
      String help = help(command);
      options.stream()
          .filter(option -> !help.contains(option))
          .forEach(option -> unknown.add(line + ": " + option));
    }
    assertThat(unknown).isEmpty();
  }

  private static List<String> words(String line) {
    return Pattern.compile("\"[^\"]*\"|'[^']*'|\\S+")
        .matcher(line)
        .results()
        .map(found -> found.group())
        .toList();
  }

  @Test
  void everyKeyOfTheConfigurationIsDocumented() {
    String policies = read(root().resolve("docs/policies.md"));
    Set<String> keys = new TreeSet<>();
    keys(JsonParser.parseString(ConfigFile.schema()), keys);
    assertThat(keys).contains("version", "keep_latest", "per", "sql");
    for (String key : keys) {
      assertThat(policies).contains("| `" + key + "` |");
    }
  }

  private static void keys(JsonElement schema, Set<String> keys) {
    if (schema.isJsonArray()) {
      schema.getAsJsonArray().forEach(each -> keys(each, keys));
    } else if (schema.isJsonObject()) {
      JsonObject object = schema.getAsJsonObject();
      if (object.has("properties") && object.get("properties").isJsonObject()) {
        keys.addAll(object.getAsJsonObject("properties").keySet());
      }
      object.entrySet().forEach(entry -> keys(entry.getValue(), keys));
    }
  }

  @Test
  void theConfigurationInTheDocumentsIsRead() throws IOException {
    String policies = read(root().resolve("docs/policies.md"));
    int from = policies.indexOf("```yaml\n") + "```yaml\n".length();
    Path file = folder.resolve("documented.yaml");
    Files.writeString(file, policies.substring(from, policies.indexOf("```", from)));

    assertThat(ConfigFile.load(file, Map.of()).settings().policies()).hasSize(2);
  }
}
