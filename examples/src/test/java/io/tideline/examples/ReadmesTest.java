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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of each README run as they stand, from top to bottom, in the example's folder. */
final class ReadmesTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final String URL = "postgresql://me:secret@localhost:5432/\\w+";

  /** Done, or done with rows left that the README speaks of. */
  private static final Set<Integer> GOOD = Set.of(0, 3);

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
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      for (String line : commands("elspeth")) {
        run(place, line.replaceAll(URL, database.url()), database.url());
      }
    }
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("audit.db"));
        Statement statement = connection.createStatement()) {
      try (ResultSet broken = statement.executeQuery("PRAGMA foreign_key_check")) {
        assertThat(broken.next()).isFalse();
      }
      for (String table :
          List.of("runs", "rows", "tokens", "node_states", "batch_members", "secret_resolutions")) {
        String sql = "SELECT count(DISTINCT run_id) FROM " + table;
        try (ResultSet runs = statement.executeQuery(sql)) {
          // Three runs are empty: two of them are old and gone.
          boolean always = table.equals("runs") || table.equals("secret_resolutions");
          assertThat(runs.getInt(1)).as(table).isEqualTo(always ? 26 : 25);
        }
      }
    }
  }

  private static void run(Place place, String line, String url) throws SQLException, IOException {
    List<String> words = words(line);
    switch (words.get(0)) {
      case "export" -> {
        String[] variable = words.get(1).split("=", 2);
        place.set(variable[0], variable[1]);
      }
      case "../make" -> place.make(words.get(1), words.get(2).startsWith("$") ? url : words.get(2));
      case "../../tideline" -> {
        Place.Said said = place.tideline(words.subList(1, words.size()));
        assertThat(GOOD).as(line + "\n" + said.text()).contains(said.exit());
      }
      default -> throw new AssertionError("What is this? " + line);
    }
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (MatchResult word : WORD.matcher(line).results().toList()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    return words;
  }

  private static List<String> commands(String example) throws IOException {
    String readme = Files.readString(Place.EXAMPLES.resolve(example).resolve("README.md"));
    return BLOCK.matcher(readme).results().flatMap(block -> block.group(1).lines()).toList();
  }
}
