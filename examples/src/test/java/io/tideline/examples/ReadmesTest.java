package io.tideline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The commands of each README run as they stand, from top to bottom, in the example's folder. They
 * rest more than they work, so the examples run side by side.
 */
@Execution(ExecutionMode.CONCURRENT)
final class ReadmesTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final String URL = "postgresql://me:secret@localhost:5432/\\w+";

  /** Done, or done with rows left that the README speaks of. */
  private static final Set<Integer> GOOD = Set.of(0, 3);

  private static final int FILES = 1_054; // four of them misfiled
  private static final int OLD_FILES = 507;

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"codex-lb", "selfos", "traces"})
  void commandsRunFromTopToBottom(String example) throws Exception {
    Place place = new Place(dir, example);
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      int ran = 0;
      for (String line : commands(example)) {
        run(place, line.replaceAll(URL, database.url()), database.url());
        ran++;
      }
      assertThat(ran).isGreaterThan(4);
    }
  }

  @Test
  void elspethsOldRunsGoWhole() throws Exception {
    Place place = new Place(dir, "elspeth");
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase();
        Connection postgres = database.connect()) {
      for (String line : commands("elspeth")) {
        run(place, line.replaceAll(URL, database.url()), database.url());
      }
      try (Connection sqlite =
          DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("audit.db"))) {
        oldRunsAreGone(sqlite);
        assertThat(number(sqlite, "SELECT count(*) FROM pragma_foreign_key_check")).isZero();
      }
      oldRunsAreGone(postgres);
    }
    // The same files on both: those of runs that ended long ago lie in the trash, the others stay.
    assertThat(files("payloads")).hasSize(FILES - OLD_FILES);
    assertThat(files("payloads/.trash")).hasSize(OLD_FILES);
    assertThat(files("payloads-postgresql")).isEqualTo(files("payloads"));
    assertThat(files("payloads-postgresql/.trash")).isEqualTo(files("payloads/.trash"));
  }

  private static void oldRunsAreGone(Connection connection) throws SQLException {
    for (String table :
        List.of("runs", "rows", "tokens", "node_states", "batch_members", "secret_resolutions")) {
      // Three runs are empty: two of them are old and gone.
      boolean always = table.equals("runs") || table.equals("secret_resolutions");
      assertThat(number(connection, "SELECT count(DISTINCT run_id) FROM " + table))
          .as(table)
          .isEqualTo(always ? 26 : 25);
    }
    String last = "SELECT count(*) FROM streams WHERE last_effect_id IS NULL";
    assertThat(number(connection, last)).isZero();
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** The names of the files in a folder, but for those of the trash and of a person. */
  private Set<String> files(String folder) throws IOException {
    try (Stream<Path> all = Files.walk(dir.resolve(folder))) {
      return all.filter(Files::isRegularFile)
          .filter(file -> folder.endsWith(".trash") || !file.toString().contains(".trash"))
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9a-f]{64}"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static void run(Place place, String line, String url) throws SQLException, IOException {
    List<String> words = words(line);
    switch (words.get(0)) {
      case "export" -> {
        String[] variable = words.get(1).split("=", 2);
        place.set(variable[0], variable[1]);
      }
      case "../make" ->
          place.make(
              words.get(1),
              words.get(2).startsWith("$") ? url : words.get(2),
              words.subList(3, words.size()).toArray(String[]::new));
      case "../../tideline" -> {
        Place.Said said = place.tideline(words.subList(1, words.size()));
        // Or what the README says beside the command.
        boolean announced = line.contains("# ") && line.contains("exit code " + said.exit());
        assertThat(announced || GOOD.contains(said.exit()))
            .as(line + "\n" + said.exit() + "\n" + said.text())
            .isTrue();
      }
      default -> throw new AssertionError("What is this? " + line);
    }
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (MatchResult word : WORD.matcher(line.replaceFirst(" +# .*", "")).results().toList()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    return words;
  }

  private static List<String> commands(String example) throws IOException {
    String readme = Files.readString(Place.EXAMPLES.resolve(example).resolve("README.md"));
    return BLOCK.matcher(readme).results().flatMap(block -> block.group(1).lines()).toList();
  }
}
