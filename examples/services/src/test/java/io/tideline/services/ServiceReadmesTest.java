package io.tideline.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.services.accounts.AccountsService;
import io.tideline.services.traces.TracesService;
import io.tideline.services.web.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The READMEs say every variable, and what they ask is answered. */
final class ServiceReadmesTest {
  private static final Path EXAMPLES = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TempDir Path dir;

  private static String readme(String service) throws IOException {
    return Files.readString(EXAMPLES.resolve(service).resolve("README.md"));
  }

  @ParameterizedTest
  @CsvSource({"accounts, accounts-service, CODEX_LB_", "traces, trace-service, TRACES_"})
  void everyVariableIsSaid(String room, String service, String prefix) throws IOException {
    Set<String> read = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("src/main/java/io/tideline/services", room))) {
      files.forEach(file -> read.addAll(variables(file, prefix)));
    }
    read.addAll(variables(EXAMPLES.resolve(service).resolve("tideline.yaml"), prefix));
    Set<String> said = variables(EXAMPLES.resolve(service).resolve("README.md"), prefix);
    assertThat(said).isEqualTo(read).hasSizeGreaterThan(10);
  }

  private static Set<String> variables(Path file, String prefix) {
    try {
      return Pattern.compile(prefix + "[A-Z_]+[A-Z]")
          .matcher(Files.readString(file))
          .results()
          .map(MatchResult::group)
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theAccountsServiceAnswersWhatItsReadmeAsks() throws Exception {
    try (Place place = Place.sqlite(dir);
        Service service = AccountsService.start(place.accounts(), Clock.systemUTC())) {
      place.makeAccounts(9);
      assertThat(answered("accounts-service", new Client(service.port()))).isEqualTo(10);
    }
  }

  @Test
  void theTraceServiceAnswersWhatItsReadmeAsks() throws Exception {
    try (Place place = Place.sqlite(dir);
        Service service = TracesService.start(place.traces(), Clock.systemUTC())) {
      assertThat(answered("trace-service", new Client(service.port()))).isEqualTo(10);
    }
  }

  /** How many of the README's requests were made, all of them answered well. */
  private static int answered(String service, Client client) throws IOException {
    List<String> lines = readme(service).lines().filter(line -> line.startsWith("curl ")).toList();
    for (String line : lines) {
      Client.Answer answer = ask(client, words(line));
      assertThat(answer.status()).as(line + "\n" + answer.text()).isIn(200, 201, 202);
    }
    return lines.size();
  }

  private static Client.Answer ask(Client client, List<String> words) {
    String method = "GET";
    String body = "";
    List<String> headers = new ArrayList<>();
    for (int i = 1; i < words.size() - 1; i++) {
      switch (words.get(i)) {
        case "-s" -> {}
        case "-X" -> method = words.get(++i);
        case "-d" -> body = words.get(++i);
        case "-H" -> headers.addAll(List.of(words.get(++i).split(": ", 2)));
        default -> throw new AssertionError("What is this? " + words.get(i));
      }
    }
    String path = words.get(words.size() - 1).replaceFirst("^localhost:\\d+", "");
    return client.send(method, path, body, headers.toArray(String[]::new));
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (Matcher word = WORD.matcher(line); word.find(); ) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    return words;
  }
}
