package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Declared indexes, as a user types it. */
final class IndexesTest {
  @TempDir Path dir;

  @BeforeEach
  void make() throws Exception {
    Files.writeString(
        dir.resolve("tideline.yaml"),
        """
        version: 1
        database: sqlite:store.db
        archive: archive
        indexes:
          ix_user: {table: tasks, columns: [user_id, at desc]}
          old: {table: tasks, absent: true}
        """);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir + "/store.db");
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("CREATE TABLE tasks (id INTEGER PRIMARY KEY, user_id, at)");
      statement.execute("CREATE INDEX old ON tasks (user_id)");
      statement.execute("INSERT INTO tasks VALUES (1, 1, 1), (2, 1, 2)");
    }
  }

  private Shell.Said run(String... words) {
    return new Shell(dir).run(words);
  }

  @Test
  void tellsAndMakesAndTells() {
    Shell.Said told = run("indexes");
    assertThat(told.exit()).as(told.err()).isEqualTo(1);
    assertThat(told.out())
        .containsPattern("state +index +over +size\n")
        .containsPattern("missing +ix_user +tasks \\(user_id, at desc\\)\n")
        .containsPattern("unwanted +old +tasks\n")
        .contains(
            "CREATE INDEX \"main\".\"ix_user\" ON \"tasks\" (\"user_id\", \"at\" DESC);",
            "takes  about ",
            "(a forecast by 2 rows (exact), ",
            "blocks Writers for all of that time; readers never.",
            "Not all is as declared. `tideline indexes --apply` makes it so.");
    Shell.Said refused = run("indexes", "--apply");
    assertThat(refused.exit()).isEqualTo(5);
    assertThat(refused.err()).contains("Cannot change 2 indexes now", "[window-closed]");
    Shell.Said done = run("indexes", "--apply", "--blocking");
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(done.out())
        .contains(
            "ix_user: Made the index ix_user on tasks.",
            "old: Dropped the index old of tasks.",
            "All is as declared.");
    assertThat(run("indexes").exit()).isZero();
  }

  @Test
  void saysTheSameAsJson() {
    Shell.Said told = run("indexes", "--json");
    assertThat(told.exit()).isEqualTo(1);
    JsonObject line =
        JsonParser.parseString(told.out())
            .getAsJsonObject()
            .getAsJsonArray("declared")
            .get(0)
            .getAsJsonObject();
    assertThat(line.getAsJsonObject("standing").get("state").getAsString()).isEqualTo("missing");
    assertThat(line.getAsJsonObject("cost").get("rows").getAsLong()).isEqualTo(2);
    Shell.Said done = run("indexes", "--json", "--apply", "--blocking");
    assertThat(done.exit()).isZero();
    assertThat(JsonParser.parseString(done.out()).getAsJsonObject().getAsJsonArray("done"))
        .hasSize(2);
  }

  @Test
  void badWordsAreRefused() {
    assertThat(run("indexes", "--replace").err())
        .contains("Cannot take --replace without --apply.");
    assertThat(run("indexes", "--apply", "--wait", "soon").err())
        .contains("Cannot use 'soon' as --wait.");
  }

  @Test
  void withoutAnyDeclaredOneTheNeedlessAreTold() throws Exception {
    Files.writeString(
        dir.resolve("tideline.yaml"), "version: 1\ndatabase: sqlite:store.db\narchive: archive\n");
    Shell.Said told = run("indexes");
    assertThat(told.exit()).isZero();
    assertThat(told.out()).contains("No index is declared; `indexes:` of the configuration");
  }
}
